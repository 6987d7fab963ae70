package import FoundationEssentials
import Glibc
package import PluginAPI
import Synchronization

/// One runner, from its start to its end, as the server sees it.
///
/// The runner is not trusted: whatever it sends or leaves undone, callers get an answer in time, and nothing here waits
/// for it. When it ends, open calls fail with `.pluginCrashed`.
package final class RunnerSession: Sendable {
    /// Calls that a runner may leave unanswered before it is ended.
    static let openCallLimit = 4096
    /// Bytes that are kept for a runner that does not read.
    static let keptLimit = 300 << 20
    /// Nanoseconds that a process without a connection is given to end by itself.
    private static let grace: UInt64 = 2_000_000_000
    /// How long a runner that says nothing may leave a call unanswered that was given up, in seconds.
    static let silenceLimit = 30

    private struct State {
        /// Whoever waits for the first frame.
        var starting: UnsafeContinuation<Result<RunnerHello, PluginRefusal>, Never>?
        var process: RunnerProcess?
        var end: RunnerEnd?
        /// Why the server is ending the process, if it is.
        var reason: RunnerEnd?
        var hosts: [UInt32: HostedInstance] = [:]
        var lastInstance: UInt32 = 0
    }

    private let plugin: String
    private let listener: RunnerListener
    private let state: Mutex<State>
    private let writer = Mutex<FrameWriter?>(nil)
    private let open = OpenCalls()
    private let lastCall = Atomic<UInt64>(0)
    /// When the runner last sent a frame, on the monotonic clock.
    private let lastSign = Atomic<UInt64>(0)
    private let wake = WakeUp()
    private let logGate = Mutex(FloodGate())

    private init(_ plugin: String, _ listener: RunnerListener) {
        self.plugin = plugin
        self.listener = listener
        state = Mutex(State())
    }

    /// Starts a runner for `candidate`, and waits until it has loaded the plugin.
    ///
    /// - Parameters:
    ///   - expected: the file that was looked at; nothing of another one is run. `nil` takes what is there.
    ///   - limit: how long that may take.
    /// - Throws: why the plugin cannot be used; a crash or a hang while it is loaded is `.quarantined`.
    package static func start(
        _ program: RunnerProgram,
        _ candidate: PluginCandidate,
        expecting expected: PluginFileStatus? = nil,
        within limit: Duration,
        listener: RunnerListener
    ) async throws(PluginRefusal) -> (session: RunnerSession, hello: RunnerHello) {
        let session = RunnerSession(candidate.id, listener)
        DeadlineWatch.shared.add(session)
        let result = await withUnsafeContinuation { continuation in
            session.state.withLock { $0.starting = continuation }
            let until = MonotonicTime.after(limit)
            // The process ends with the thread that starts it, so that is the thread that serves it.
            let hasThread = SystemThread.start { session.run(program, candidate, expected, until: until) }
            if !hasThread {
                session.finishStart(.failure(Self.noThread(candidate.path)))
                session.finish(.stopped)
            }
        }
        switch result {
        case .success(let hello): return (session, hello)
        case .failure(let refusal):
            session.stop()
            throw refusal
        }
    }

    // MARK: State

    /// Whether calls can be made.
    package var isAlive: Bool { state.withLock { $0.end == nil && $0.reason == nil } }

    /// The number of the process while there is one.
    package var processID: Int32? { state.withLock { $0.end == nil ? $0.process?.id : nil } }

    /// How many calls the runner has not answered, whether or not somebody waits.
    var openCount: Int { open.count }

    /// Ends the runner without waiting for that: at first by closing the connection, then by force.
    package func stop() {
        end(because: .stopped)
    }

    // MARK: Calling

    /// Makes an instance.
    ///
    /// - Returns: the number that stands for it in `call` and `destroy`.
    /// - Throws: what the plugin says about the settings, `.deadlineExceeded`, `.pluginCrashed`.
    package func create(
        settings: Data,
        host: any HostEndpoint,
        within limit: Duration
    ) async throws(PluginError) -> UInt32 {
        let number = state.withLock { state in
            // 24 bits of the number are part of every call's id.
            repeat {
                state.lastInstance = (state.lastInstance + 1) & 0xFF_FFFF
            } while state.lastInstance == 0 || state.hosts[state.lastInstance] != nil
            state.hosts[state.lastInstance] = HostedInstance(host)
            return state.lastInstance
        }
        do throws(PluginError) {
            _ = try await call(.create, number, OutgoingCall(method: "create", json: settings, deadline: limit))
            return number
        } catch {
            // One that was made too late is ended as soon as it is there.
            _ = send(Frame(.destroy, instance: number))
            forget(number)
            throw error
        }
    }

    /// Calls a method of an instance.
    package func call(
        _ instance: UInt32,
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        let call = OutgoingCall(method: method, json: json, attachment: attachment, deadline: deadline)
        return try await self.call(.invoke, instance, call)
    }

    /// Ends an instance: answers whoever still waits with `.cancelled`, and asks the plugin to close it.
    package func destroy(_ instance: UInt32, within limit: Duration) async {
        for id in open.waiting where id.instance == instance { giveUp(id, Self.endedInstance) }
        let call = OutgoingCall(method: "destroy", json: WireJSON.emptyObject, deadline: limit)
        do throws(PluginError) {
            _ = try await self.call(.destroy, instance, call)
        } catch {
            if isAlive { log(.warning, "The plugin did not end an instance in order: \(error.message)", of: instance) }
        }
        forget(instance)
    }

    /// Has the plugin change stored settings; no instance is needed for that.
    package func migrate(
        _ settings: Data,
        from version: Int,
        within limit: Duration
    ) async throws(PluginError) -> Data {
        // No instance has the number 0.
        try await call(.migrate, 0, OutgoingCall(method: String(version), json: settings, deadline: limit)).json
    }

    private func call(
        _ kind: Frame.Kind,
        _ instance: UInt32,
        _ call: OutgoingCall
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        let id = CallID(instance: instance, count: lastCall.add(1, ordering: .relaxed).newValue)
        let result = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                begin(kind, id, call, .caller(continuation))
                // A cancellation that came before `begin` named a call that was not open yet.
                if Task.isCancelled { giveUp(id, Self.cancelled) }
            }
        } onCancel: {
            giveUp(id, Self.cancelled)
        }
        return try result.get()
    }

    private func begin(_ kind: Frame.Kind, _ id: CallID, _ call: OutgoingCall, _ receiver: OpenCalls.Receiver) {
        let deadline = MonotonicTime.after(call.deadline)
        guard open.open(id, call, deadline: deadline, limit: Self.openCallLimit, receiver: receiver) else {
            end(because: .silent(Self.silenceLimit))
            return receiver.receive(.failure(crashed))
        }
        // Looked at when the call is open: a runner that ends later answers the calls that it finds.
        guard isAlive else { return _ = open.abandon(id, crashed) }
        DeadlineWatch.shared.watch(deadline: deadline)
        guard let message = open.start(id) else { return }
        var frame = Frame(kind, instance: id.instance, call: id.number)
        frame.deadline = message.milliseconds
        frame.method = message.method
        frame.json = message.json
        frame.attachment = message.attachment
        if !send(frame) {
            let words = "The plugin \(plugin) does not take the message: it is too large, or the plugin does not read."
            _ = open.reply(id, .failure(PluginError(.internal, words)))
        }
    }

    private func giveUp(_ id: CallID, _ error: PluginError) {
        if open.abandon(id, error) { _ = send(Frame(.cancel, instance: id.instance, call: id.number)) }
    }

    private func send(_ frame: Frame) -> Bool {
        guard let writer = writer.withLock({ $0 }) else { return false }
        defer { if writer.hasKept { wake.signal() } }
        return writer.send(frame)
    }

    private func forget(_ instance: UInt32) {
        state.withLock { $0.hosts.removeValue(forKey: instance) }?.end()
    }

    private func host(_ instance: UInt32) -> HostedInstance? { state.withLock { $0.hosts[instance] } }

    private func log(_ level: LogLevel, _ message: String, of instance: UInt32) {
        host(instance)?.endpoint.log(level, message, fields: ["plugin": .string(plugin)])
    }

    // MARK: The thread of the session

    private func run(
        _ program: RunnerProgram,
        _ candidate: PluginCandidate,
        _ expected: PluginFileStatus?,
        until limit: UInt64
    ) {
        let process: RunnerProcess
        do {
            process = try RunnerProcess.start(program, candidate, expecting: expected)
        } catch {
            finishStart(.failure(error))
            return finish(.stopped)
        }
        writer.withLock { $0 = FrameWriter(process.socket, .keeps(Self.keptLimit)) }
        state.withLock { $0.process = process }
        var loop = RunnerLoop(process, wake: wake)
        var forceAt = UInt64.max
        while !loop.hasEnded {
            let now = MonotonicTime.now
            if let reason = state.withLock({ $0.reason }), forceAt == .max {
                // A closed connection lets it end by itself; for one that hangs there is nothing to wait for.
                forceAt = reason == .stopped ? now + Self.grace : 0
                shutdown(process.socket, Int32(SHUT_WR))
            } else if loop.isDisconnected, forceAt == .max {
                // A process that crashes closes its connection a moment before it is gone.
                forceAt = now + Self.grace
            }
            if forceAt <= now {
                end(because: .garbled)
                process.kill()
            }
            checkStart(at: now, until: limit, candidate.path)
            loop.wait(
                until: min(forceAt <= now ? now + 1_000_000_000 : forceAt, isStarting ? limit : .max),
                keeps: hasKept
            )
            if loop.mayWrite { writer.withLock({ $0 })?.flush() }
            read(&loop)
        }
        // What it had said before it ended still counts.
        while loop.readRest(take, line: listener.line) {}
        process.kill()
        let end = process.wait()
        finish(state.withLock { $0.reason } ?? end)
        process.close()
    }

    private func read(_ loop: inout RunnerLoop) {
        do {
            _ = try loop.read(take, line: listener.line)
        } catch {
            end(because: .garbled)
        }
    }

    private var hasKept: Bool { writer.withLock { $0?.hasKept ?? false } }

    private func take(_ frame: Frame) {
        // A whole one: bytes alone may be the beginning of a frame that never ends.
        lastSign.store(MonotonicTime.now, ordering: .relaxed)
        switch frame.kind {
        case .hello: takeHello(frame)
        case .refused:
            let refusal = try? WireJSON.decode(RunnerRefusal.self, from: frame.json)
            refuse(refusal?.refusal ?? Self.unreadableHello(plugin))
        case .reply: takeReply(frame)
        case .log:
            takeLog(frame)
        case .hostCall: takeHostCall(frame)
        case .hostCancel: host(frame.instance)?.cancel(frame.call)
        case .create, .invoke, .cancel, .destroy, .migrate, .hostReply: end(because: .garbled)
        }
    }

    private func takeHostCall(_ frame: Frame) {
        guard let host = host(frame.instance) else {
            // The plugin may wait for the answer, and an instance that waits does not end.
            _ = send(HostedInstance.failure(Self.endedInstance, of: frame))
            return
        }
        host.run(frame) { [weak self] in _ = self?.send($0) }
    }

    private func takeLog(_ frame: Frame) {
        let gate = logGate.withLock { $0.passes(at: MonotonicTime.now) }
        if gate.leftOut > 0 {
            log(.warning, "\(gate.leftOut) lines of the plugin were left out here.", of: frame.instance)
        }
        guard gate.isOpen, let line = try? WireJSON.decode(RunnerLogLine.self, from: frame.json) else { return }
        host(frame.instance)?.endpoint.log(line.weight, line.message, fields: line.fields)
    }

    private func takeHello(_ frame: Frame) {
        guard let hello = try? WireJSON.decode(RunnerHello.self, from: frame.json) else {
            return refuse(Self.unreadableHello(plugin))
        }
        finishStart(.success(hello))
    }

    /// Ends a runner that cannot be used: such a runner ends by itself too, which is no crash.
    private func refuse(_ refusal: PluginRefusal) {
        end(because: .stopped)
        finishStart(.failure(refusal))
    }

    private func takeReply(_ frame: Frame) {
        let result: CallResult =
            frame.status == 0
            ? .success((frame.json, frame.attachment))
            : .failure(WireJSON.readFailure(frame.json, from: "The plugin \(plugin)"))
        _ = open.reply(CallID(number: frame.call), result)
    }

    // MARK: Beginning and end

    private var isStarting: Bool { state.withLock { $0.starting != nil } }

    private func finishStart(_ result: Result<RunnerHello, PluginRefusal>) {
        state.withLock { $0.starting.take() }?.resume(returning: result)
    }

    private func checkStart(at now: UInt64, until limit: UInt64, _ path: String) {
        guard now >= limit, isStarting else { return }
        let reason =
            "\(path) was not loaded in time: its code waits for something at the start. Ask its author, then retry."
        end(because: .slow)
        finishStart(.failure(PluginRefusal(.quarantined, .slowOnLoad, reason)))
    }

    private func end(because reason: RunnerEnd) {
        state.withLock { if $0.reason == nil { $0.reason = reason } }
        wake.signal()
    }

    private func finish(_ end: RunnerEnd) {
        let hosts = state.withLock { state in
            state.end = end
            defer { state.hosts = [:] }
            return state.hosts.values
        }
        writer.withLock { $0 }?.close()
        DeadlineWatch.shared.remove(self)
        // Before anybody is told, so that they find it noted when they try again.
        listener.ended(end)
        let reason =
            "The plugin \(plugin) \(end.words) while it was loaded. Ask its author for a working build, then retry."
        finishStart(.failure(PluginRefusal(.quarantined, .crashedOnLoad, reason)))
        for id in open.waiting { _ = open.abandon(id, crashed) }
        for host in hosts { host.end() }
    }
}

extension RunnerSession: DeadlineKeeper {
    func expire(at now: UInt64) -> UInt64? {
        let due = open.due(at: now)
        let message = "The plugin \(plugin) did not answer in time; look at the service behind it and try again."
        for id in due.expired { giveUp(id, PluginError(.deadlineExceeded, message)) }
        return [due.next, checkSilence(at: now)].compactMap { $0 }.min()
    }

    /// Ends a runner that does not even answer a call that it was asked to give up, and says nothing else.
    ///
    /// - Returns: when to look again.
    private func checkSilence(at now: UInt64) -> UInt64? {
        guard let abandoned = open.earliestAbandoned else { return nil }
        let limit = max(abandoned, lastSign.load(ordering: .relaxed)) + UInt64(Self.silenceLimit) * 1_000_000_000
        guard limit <= now else { return limit }
        end(because: .silent(Self.silenceLimit))
        return nil
    }
}

extension RunnerSession {
    private static let cancelled = PluginError(.cancelled, "The caller gave up.")
    private static let endedInstance = PluginError(.cancelled, "The plugin's instance was ended.")

    private var crashed: PluginError {
        let words = state.withLock { $0.end ?? $0.reason }?.words ?? "has ended"
        return PluginError(.pluginCrashed, "The plugin \(plugin) \(words). It is started again by itself.")
    }

    private static func noThread(_ path: String) -> PluginRefusal {
        let reason = "The system has no thread left for \(path); end other programs, then retry."
        return PluginRefusal(.failed, .noRunner, reason)
    }

    private static func unreadableHello(_ plugin: String) -> PluginRefusal {
        let reason =
            "The process of the plugin \(plugin) said something that cannot be read; kinodock-runner is of another version "
            + "than kinodock. Install both anew."
        return PluginRefusal(.failed, .noRunner, reason)
    }
}
