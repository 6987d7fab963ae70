import CSystem
import Glibc

/// What concerns the process as a whole.
enum Process {
    /// Sets what the system lets the process do, before it has threads.
    static func prepare() {
        // Writing to a client that has gone is an error like any other.
        signal(SIGPIPE, SIG_IGN)
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            limit.rlim_cur = limit.rlim_max
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        // Each arena of malloc keeps memory of its own; two are enough for two cores and save megabytes.
        _ = mallopt(M_ARENA_MAX, 2)
    }

    /// Replaces the process by a new one of the same program and arguments.
    ///
    /// Returns only when that fails.
    static func startAnew() {
        // Signals stay held back: one that comes while the new program starts is dealt with by it.
        var arguments = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        execv(Executable.path, arguments)
        for argument in arguments { free(argument) }
    }
}
