import CYtDlp
import Glibc

/// A program that was started, with everything that it starts in one process group.
///
/// Nothing of it outlives this process, however that ends (`ytdlp_spawn` says how).
struct ChildProcess: Sendable {
    let id: pid_t
    /// Readable: what it writes to its standard output and its standard error.
    let output: Int32
    let errors: Int32
    /// The other side of its terminal, on which it can only ask for something; -1 where the system has no terminals.
    let terminal: Int32

    /// - Throws: the `errno` of what failed.
    static func start(_ launch: Launch) throws(SystemFailure) -> ChildProcess {
        var words = ([launch.program] + launch.arguments).map { strdup($0) } + [nil]
        var variables = launch.environment.map { strdup($0) } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var child = ytdlp_child()
        let input = Array(launch.input.utf8)
        let code = input.withUnsafeBytes { input in
            launch.program.withCString { program in
                launch.folder.withCString { folder in
                    words.withUnsafeMutableBufferPointer { words in
                        variables.withUnsafeMutableBufferPointer { variables in
                            var start = ytdlp_launch(
                                program: program,
                                arguments: words.baseAddress,
                                environment: variables.baseAddress,
                                folder: folder,
                                input: input.baseAddress,
                                input_size: input.count
                            )
                            return ytdlp_spawn(&start, &child)
                        }
                    }
                }
            }
        }
        guard code == 0 else { throw SystemFailure(code: code) }
        return ChildProcess(id: child.id, output: child.output, errors: child.errors, terminal: child.terminal)
    }

    /// Whether the leader has ended; it stays to be waited for.
    var hasEnded: Bool { ytdlp_has_ended(id) != 0 }

    /// Takes leave of a leader that has ended: its exit code, or 128 and the signal that ended it.
    func reap() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 {
            guard errno == EINTR else { return -1 }
        }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    func closeAll() {
        for descriptor in [output, errors, terminal] where descriptor >= 0 { close(descriptor) }
    }
}

/// A call to the system that failed.
struct SystemFailure: Error, Sendable {
    let code: Int32

    /// The system's own words.
    var words: String { String(cString: strerror(code)) }
}
