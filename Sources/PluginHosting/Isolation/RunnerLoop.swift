import Glibc

/// Waits for what comes from a runner: frames, lines, and its end.
struct RunnerLoop: ~Copyable {
    private let process: RunnerProcess
    private let wake: WakeUp
    private var frames: FrameReader
    private var output: RunnerOutput
    private var errors: RunnerOutput
    /// What `poll` has said, in the order of `watched`.
    private var events: [Int16] = [0, 0, 0, 0, 0]

    /// Whether the connection is closed, though the process is there.
    private(set) var isDisconnected = false
    /// Whether the process has ended.
    private(set) var hasEnded = false

    /// Bytes that are read after the end of the process, at most; children of its own may go on writing.
    private var restLimit = 1 << 20

    init(_ process: RunnerProcess, wake: WakeUp) {
        self.process = process
        self.wake = wake
        frames = FrameReader(process.socket)
        output = RunnerOutput(process.output)
        errors = RunnerOutput(process.errors)
    }

    /// Whether what was kept for the runner can be sent.
    var mayWrite: Bool { events[0] & Int16(POLLOUT) != 0 }

    /// Waits until something comes, or until `time` of the monotonic clock.
    ///
    /// - Parameter keeps: whether something is kept for the runner.
    mutating func wait(until time: UInt64, keeps: Bool) {
        let now = MonotonicTime.now
        let milliseconds = time <= now ? 0 : min((time - now) / 1_000_000 + 1, 3_600_000)
        let wanted = Int16(POLLIN) | (keeps ? Int16(POLLOUT) : 0)
        var watched = [
            pollfd(fd: isDisconnected ? -1 : process.socket, events: wanted, revents: 0),
            pollfd(fd: output.isOpen ? process.output : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors.isOpen ? process.errors : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: process.ending, events: Int16(POLLIN), revents: 0),
            pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&watched, 5, Int32(milliseconds))
        for place in 0..<5 { events[place] = count > 0 ? watched[place].revents : 0 }
        if events[4] != 0 { wake.clear() }
        hasEnded = events[3] != 0
    }

    /// Reads what has come.
    ///
    /// - Returns: whether the runner has sent a frame, or a part of one.
    mutating func read(
        _ take: (Frame) -> Void,
        line: (RunnerListener.Stream, String) -> Void
    ) throws(FrameReader.Fault) -> Bool {
        if events[1] != 0 { _ = output.read { line(.output, $0) } }
        if events[2] != 0 { _ = errors.read { line(.errors, $0) } }
        guard events[0] & ~Int16(POLLOUT) != 0, !isDisconnected else { return false }
        switch try frames.receive(take) {
        case .received: return true
        case .nothing: return false
        case .ended:
            isDisconnected = true
            return false
        }
    }

    /// Reads what the process has left behind when it ended.
    ///
    /// - Returns: whether there may be more.
    mutating func readRest(_ take: (Frame) -> Void, line: (RunnerListener.Stream, String) -> Void) -> Bool {
        restLimit -= 64 << 10
        let hasOutput = output.isOpen && output.read { line(.output, $0) }
        let hasErrors = errors.isOpen && errors.read { line(.errors, $0) }
        let hasFrames = !isDisconnected && (try? frames.receive(take)) == .received
        guard !hasOutput && !hasErrors && !hasFrames || restLimit <= 0 else { return true }
        output.finish { line(.output, $0) }
        errors.finish { line(.errors, $0) }
        return false
    }
}
