import CSystem
import Glibc
import PluginHosting

/// Runs small programs for what they print.
enum ProgramOutput {
    /// The most bytes that are read; the rest is dropped.
    static let limit = 1 << 20

    /// What a program prints on standard output and standard error together; it gets no input.
    ///
    /// - Parameters:
    ///   - program: a full path.
    ///   - environment: `NAME=value`, and nothing else.
    ///   - milliseconds: how long it may take; then it is killed.
    /// - Returns: `nil` when it cannot be started or takes too long. The exit code is not looked at.
    static func read(
        _ program: String,
        _ arguments: [String],
        environment: [String],
        milliseconds: Int32 = 10_000
    ) -> String? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let process = start(program, arguments, environment, output: ends[1])
        close(ends[1])
        defer { close(ends[0]) }
        guard let process else { return nil }
        let text = drain(ends[0], milliseconds: milliseconds)
        // Whether it has ended or not: it is of no use any more.
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) == -1, errno == EINTR {}
        return text
    }

    private static func start(
        _ program: String,
        _ arguments: [String],
        _ environment: [String],
        output: Int32
    ) -> pid_t? {
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var actions = posix_spawn_file_actions_t()
        guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var process = pid_t()
        return posix_spawn(&process, program, &actions, nil, &words, &variables) == 0 ? process : nil
    }

    /// Reads to the end; `nil` when that does not come in time.
    private static func drain(_ descriptor: Int32, milliseconds: Int32) -> String? {
        let end = MonotonicTime.after(.milliseconds(milliseconds))
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let now = MonotonicTime.now
            guard now < end else { return nil }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, Int32((end - now) / 1_000_000) + 1) > 0 else { continue }
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer.prefix(min(count, limit - bytes.count))
        }
    }
}
