import Glibc
import Synchronization

/// A program that runs, followed by a thread of its own until it and everything that it has started are gone.
final class ProgramRun: Sendable {
    /// Where the program wrote something.
    enum Stream: Sendable {
        case output, errors
    }

    /// Why a run was ended before its program ended by itself.
    enum Cause: Hashable, Sendable {
        case stopped
        case tookTooLong
        /// It asks somebody for something, and nobody is there.
        case asked(String)
    }

    /// How a run has ended.
    struct Ending: Sendable {
        /// The exit code, or 128 and a signal.
        let code: Int32
        let cause: Cause?
    }

    private struct State {
        /// Whether the program can still be sent a signal.
        var lives = true
        var cause: Cause?
        /// When patience with a program that was asked to end is over.
        var kill: ContinuousClock.Instant?
    }

    private static let patience = Duration.seconds(3)

    private let process: ChildProcess
    private let deadline: ContinuousClock.Instant?
    private let state = Mutex(State())

    private init(_ process: ChildProcess, limit: Duration?) {
        self.process = process
        deadline = limit.map { ContinuousClock.now + $0 }
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - receive: gets what the program writes, on the run's thread.
    ///   - ended: called once, after the last `receive`, when nothing of the program is left.
    static func start(
        _ launch: Launch,
        receive: @escaping @Sendable (Stream, ArraySlice<UInt8>) -> Void,
        ended: @escaping @Sendable (Ending) -> Void
    ) throws(SystemFailure) -> ProgramRun {
        let run = ProgramRun(try ChildProcess.start(launch), limit: launch.limit)
        let follows = OneShotThread.run {
            run.follow(receive)
            ended(run.finish())
        }
        guard follows else {
            run.stop()
            _ = run.finish()
            throw SystemFailure(code: EAGAIN)
        }
        return run
    }

    /// Ends the program and everything that it has started: at once by asking, by force after a moment.
    func stop() { end(.stopped) }

    /// Asks the program alone to come to an end in its own way, as Ctrl-C does.
    func interrupt() {
        state.withLock { if $0.lives { kill(process.id, SIGINT) } }
    }

    private func end(_ cause: Cause) {
        state.withLock { state in
            guard state.lives, state.cause == nil else { return }
            state.cause = cause
            state.kill = .now + Self.patience
            kill(-process.id, SIGTERM)
        }
    }

    // MARK: On the run's thread

    private func follow(_ receive: (Stream, ArraySlice<UInt8>) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var open = [process.output, process.errors, process.terminal].filter { $0 >= 0 }
        // Ends when both outputs are closed, which the signals of `tick` lead to.
        while open.contains(process.output) || open.contains(process.errors) {
            tick()
            var waiting = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&waiting, nfds_t(waiting.count), 500) > 0 else { continue }
            for ready in waiting where ready.revents != 0 {
                let count = read(ready.fd, &buffer, buffer.count)
                if count > 0 {
                    take(buffer.prefix(count), from: ready.fd, receive)
                } else if count == 0 || errno != EINTR {
                    open.removeAll { $0 == ready.fd }
                }
            }
        }
    }

    private func take(
        _ bytes: ArraySlice<UInt8>,
        from descriptor: Int32,
        _ receive: (Stream, ArraySlice<UInt8>) -> Void
    ) {
        if descriptor == process.terminal {
            end(.asked(String(decoding: bytes.prefix(200), as: UTF8.self)))
        } else {
            receive(descriptor == process.output ? .output : .errors, bytes)
        }
    }

    /// Waits for the leader, ends what is left of its group, and takes leave of it.
    private func finish() -> Ending {
        while !process.hasEnded {
            tick()
            usleep(5000)
        }
        return state.withLock { state in
            // Before the leader is taken leave of, for until then nobody else can get its number.
            kill(-process.id, SIGKILL)
            state.lives = false
            let code = process.reap()
            process.closeAll()
            return Ending(code: code, cause: state.cause)
        }
    }

    private func tick() {
        if let deadline, deadline < .now { end(.tookTooLong) }
        let isOverdue = state.withLock { state in
            guard let time = state.kill, time < .now else { return false }
            return true
        }
        // A leader that is gone has no say about what it has left behind.
        if isOverdue || process.hasEnded { kill(-process.id, SIGKILL) }
    }
}
