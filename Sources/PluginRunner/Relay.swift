import FoundationEssentials
import PluginAPI
import PluginHosting
import Synchronization

/// Carries the server's calls to the plugin and the plugin's answers back.
///
/// The server counts the time and looks after what is open; the relay only passes on.
final class Relay: Sendable {
    private enum Instance {
        case creating
        case there(any RelayedInstance)
        /// Ended by the server while it was being created.
        case unwanted
    }

    private struct State {
        var instances: [UInt32: Instance] = [:]
        var hosts: [UInt32: RelayedHost] = [:]
        /// The plugin's side of the open calls, by the server's numbers.
        var calls: [UInt64: CallID] = [:]
        /// Calls that were answered before their plugin's side was known.
        var answered: Set<UInt64> = []
    }

    private let plugin: LoadedPlugin
    private let writer: FrameWriter
    private let state = Mutex(State())

    init(_ plugin: LoadedPlugin, _ writer: FrameWriter) {
        self.plugin = plugin
        self.writer = writer
    }

    /// Passes on what the server sends, until it closes the connection.
    func run(reading socket: Int32) {
        var frames = FrameReader(socket)
        while true {
            guard let outcome = try? frames.receive(isAwake: true, take), outcome != .ended else { return }
        }
    }

    private func take(_ frame: Frame) {
        switch frame.kind {
        case .create: create(frame)
        case .invoke: invoke(frame)
        case .cancel: cancel(frame)
        case .destroy: destroy(frame)
        case .migrate: migrate(frame)
        case .hostReply: state.withLock { $0.hosts[frame.instance] }?.take(frame)
        case .hello, .refused, .reply, .log, .hostCall, .hostCancel: break
        }
    }

    private func create(_ frame: Frame) {
        let host = RelayedHost(frame.instance, writer)
        state.withLock { state in
            state.instances[frame.instance] = .creating
            state.hosts[frame.instance] = host
        }
        Task {
            do throws(PluginError) {
                let instance = try await plugin.makeRelayed(
                    settings: frame.json,
                    host: host,
                    within: .milliseconds(Int64(clamping: frame.deadline))
                )
                await self.created(instance, frame)
            } catch {
                self.forget(frame.instance)
                self.reply(to: frame, .failure(error))
            }
        }
    }

    private func created(_ instance: any RelayedInstance, _ frame: Frame) async {
        let isWanted = state.withLock { state in
            guard case .creating = state.instances[frame.instance] else { return false }
            state.instances[frame.instance] = .there(instance)
            return true
        }
        if isWanted { return reply(to: frame, .success((WireJSON.emptyObject, nil))) }
        await instance.shutDown()
        forget(frame.instance)
        // Nobody waits for it, but a runner that leaves a call unanswered counts as one that hangs.
        reply(to: frame, .failure(PluginError(.cancelled, "The instance was ended while it was created.")))
    }

    private func invoke(_ frame: Frame) {
        guard case .there(let instance) = state.withLock({ $0.instances[frame.instance] }) else {
            return reply(to: frame, .failure(PluginError(.cancelled, "The instance is not there.")))
        }
        let id = instance.start(
            method: frame.method,
            json: frame.json,
            attachment: frame.attachment,
            deadline: .milliseconds(Int64(clamping: frame.deadline))
        ) { result in
            // Before the answer goes out: the server may use the number again after that.
            self.state.withLock { state in
                if state.calls.removeValue(forKey: frame.call) == nil { state.answered.insert(frame.call) }
            }
            self.reply(to: frame, result)
        }
        state.withLock { state in
            if state.answered.remove(frame.call) == nil { state.calls[frame.call] = id }
        }
    }

    private func cancel(_ frame: Frame) {
        let found = state.withLock { state -> (any RelayedInstance, CallID)? in
            guard case .there(let instance) = state.instances[frame.instance], let id = state.calls[frame.call] else {
                return nil
            }
            return (instance, id)
        }
        if let (instance, id) = found { instance.askToGiveUp(id) }
    }

    private func destroy(_ frame: Frame) {
        let instance = state.withLock { state -> (any RelayedInstance)? in
            if case .there(let instance) = state.instances[frame.instance] { return instance }
            if case .creating = state.instances[frame.instance] { state.instances[frame.instance] = .unwanted }
            return nil
        }
        guard let instance else { return reply(to: frame, .success((WireJSON.emptyObject, nil))) }
        Task {
            let hasEnded = await instance.shutDown(within: .milliseconds(Int64(clamping: frame.deadline)))
            forget(frame.instance)
            let late = PluginError(.deadlineExceeded, "The plugin did not end the instance in time.")
            reply(to: frame, hasEnded ? .success((WireJSON.emptyObject, nil)) : .failure(late))
        }
    }

    private func migrate(_ frame: Frame) {
        Task {
            do throws(PluginError) {
                let settings = try await plugin.migrate(
                    frame.json,
                    from: Int(frame.method) ?? 1,
                    within: .milliseconds(Int64(clamping: frame.deadline))
                )
                reply(to: frame, .success((settings, nil)))
            } catch {
                reply(to: frame, .failure(error))
            }
        }
    }

    private func forget(_ instance: UInt32) {
        let host = state.withLock { state in
            state.instances[instance] = nil
            return state.hosts.removeValue(forKey: instance)
        }
        host?.end()
    }

    private func reply(to frame: Frame, _ result: CallResult) {
        var answer = Frame(.reply, instance: frame.instance, call: frame.call)
        switch result {
        case .success(let content): (answer.json, answer.attachment) = content
        case .failure(let error):
            answer.status = 1
            answer.json = WireJSON.failure(error)
        }
        // Without a way to answer, the server would wait for every deadline.
        if !writer.send(answer), writer.isBroken { RunnerLimits.end() }
    }
}
