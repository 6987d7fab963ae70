import CSystem
import Glibc

/// The process of a runner and the ways to it.
///
/// It has a process group of its own, an empty environment but for what its program says, no descriptor but these, and
/// `/` as its folder.
struct RunnerProcess {
    /// The descriptor under which a runner finds its socket.
    static let socketNumber: Int32 = 3

    let id: pid_t
    /// Can be read when the process has ended.
    let ending: Int32
    /// Both ways, and never waits.
    let socket: Int32
    /// What it writes to standard output and standard error.
    let output: Int32
    let errors: Int32

    /// Starts the program for `candidate`.
    ///
    /// The process ends with the calling thread, which therefore has to stay until it is no longer needed.
    ///
    /// - Parameter expected: the file that was looked at; `nil` takes what is there.
    /// - Throws: a refusal that says what the system lacks.
    static func start(
        _ program: RunnerProgram,
        _ candidate: PluginCandidate,
        expecting expected: PluginFileStatus?
    ) throws(PluginRefusal) -> RunnerProcess {
        var ends = Ends()
        guard ends.open() else { throw refusal("there are no descriptors left", program) }
        defer { ends.closeTheirs() }
        let arguments = [
            program.path, candidate.id, candidate.path, candidate.folder, candidate.hasOwnFolder ? "own" : "shared",
            "\(getpid())", expected?.text ?? "any",
        ]
        var process = pid_t()
        let status = spawn(program, arguments, ends, &process)
        guard status == 0 else {
            ends.closeOurs()
            throw refusal(SystemError.text(status), program)
        }
        let ending = kinodock_pidfd_open(process)
        guard ending >= 0 else {
            let error = errno
            Glibc.kill(process, SIGKILL)
            waitpid(process, nil, 0)
            ends.closeOurs()
            throw refusal(SystemError.text(error), program)
        }
        return RunnerProcess(
            id: process,
            ending: ending,
            socket: ends.socket.ours,
            output: ends.output.ours,
            errors: ends.errors.ours
        )
    }

    /// Ends the process and everything that it has started in its group.
    func kill() {
        // Until it is waited for, nobody else can get its number.
        Glibc.kill(-id, SIGKILL)
        Glibc.kill(id, SIGKILL)
    }

    /// Waits for the end of a process that has ended or was killed, and takes leave of it.
    func wait() -> RunnerEnd {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { return .exited(-1) }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
    }

    func close() {
        for descriptor in [ending, socket, output, errors] { Glibc.close(descriptor) }
    }

    private static func spawn(
        _ program: RunnerProgram,
        _ arguments: [String],
        _ ends: Ends,
        _ process: inout pid_t
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends.output.theirs, 1)
        posix_spawn_file_actions_adddup2(&actions, ends.errors.theirs, 2)
        posix_spawn_file_actions_adddup2(&actions, ends.socket.theirs, socketNumber)
        posix_spawn_file_actions_addclosefrom_np(&actions, socketNumber + 1)
        posix_spawn_file_actions_addchdir_np(&actions, "/")
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t(), all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words = arguments.map { strdup($0) } + [nil]
        var variables = program.environment.map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        return posix_spawn(&process, program.path, &actions, &attributes, &words, &variables)
    }

    private static func refusal(_ fault: String, _ program: RunnerProgram) -> PluginRefusal {
        let reason =
            "The plugin's process cannot be started: \(fault) (\(program.path)). Install kinodock-runner beside kinodock, "
            + "then retry."
        return PluginRefusal(.failed, .noRunner, reason)
    }

    /// The two ends of each way between the server and a runner.
    private struct Ends {
        struct Pair {
            var ours: Int32 = -1
            var theirs: Int32 = -1
        }

        var socket = Pair()
        var output = Pair()
        var errors = Pair()

        /// - Returns: `false`, with nothing open, when the system has no descriptors left.
        mutating func open() -> Bool {
            var two: [Int32] = [-1, -1]
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let isOpen = socketpair(AF_UNIX, kind, 0, &two) == 0
            if isOpen {
                socket = Pair(ours: two[0], theirs: two[1])
                two.forEach(Self.widen)
            }
            guard isOpen, Self.pipe(&output), Self.pipe(&errors) else {
                closeOurs()
                closeTheirs()
                return false
            }
            for end in [socket.ours, output.ours, errors.ours] { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
            return true
        }

        /// Lets more bytes be under way, so that a large message takes fewer turns; as far as the system allows.
        private static func widen(_ socket: Int32) {
            var bytes: Int32 = 2 << 20
            let size = socklen_t(MemoryLayout<Int32>.size)
            if setsockopt(socket, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, size) != 0 {
                setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, size)
            }
        }

        private static func pipe(_ pair: inout Pair) -> Bool {
            var two: [Int32] = [-1, -1]
            guard Glibc.pipe(&two) == 0 else { return false }
            for end in two { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            pair = Pair(ours: two[0], theirs: two[1])
            return true
        }

        func closeOurs() { Self.close([socket.ours, output.ours, errors.ours]) }
        func closeTheirs() { Self.close([socket.theirs, output.theirs, errors.theirs]) }

        private static func close(_ descriptors: [Int32]) {
            for descriptor in descriptors where descriptor >= 0 { Glibc.close(descriptor) }
        }
    }
}
