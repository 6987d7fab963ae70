import Glibc
import PluginAPI
import Synchronization

/// What the thread of a session does.
extension RunnerSession {
    /// Starts the process, and serves it until it has ended; blocks for that long.
    func run(
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
        serve(process, candidate.path, until: limit)
        process.kill()
        let end = process.wait()
        finish(state.withLock { $0.reason } ?? end)
        process.close()
    }

    /// Reads what the runner says and writes what it has not taken yet, until the process has ended.
    private func serve(_ process: RunnerProcess, _ path: String, until limit: UInt64) {
        var loop = RunnerLoop(process, wake: wake)
        var forceAt = UInt64.max
        while !loop.hasEnded {
            let now = MonotonicTime.now
            if forceAt == .max { forceAt = endsByForce(process, loop.isDisconnected, at: now) }
            if forceAt <= now {
                end(because: .garbled)
                process.kill()
            }
            checkStart(at: now, until: limit, path)
            loop.wait(
                until: min(forceAt <= now ? now + 1_000_000_000 : forceAt, isStarting ? limit : .max),
                keeps: hasKept
            )
            if loop.mayWrite { writer.withLock({ $0 })?.flush() }
            read(&loop)
        }
        // What it had said before it ended still counts.
        while loop.readRest(take, line: listener.line) {}
    }

    /// When a process that is to end, or is about to, is ended by force; `.max` while there is no reason for it.
    private func endsByForce(_ process: RunnerProcess, _ isDisconnected: Bool, at now: UInt64) -> UInt64 {
        if let reason = state.withLock({ $0.reason }) {
            // A closed connection lets it end by itself; for one that hangs there is nothing to wait for.
            shutdown(process.socket, Int32(SHUT_WR))
            return reason == .stopped ? now + Self.grace : now
        }
        // A process that crashes closes its connection a moment before it is gone.
        return isDisconnected ? now + Self.grace : .max
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
}
