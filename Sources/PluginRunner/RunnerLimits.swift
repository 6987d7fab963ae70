import CSystem
import Glibc
import PluginHosting

/// What the process may do, and how it ends.
enum RunnerLimits {
    /// Bytes of memory that the plugin may fill.
    private static let memory: rlim_t = 2 << 30
    /// Descriptors that the plugin may have open.
    private static let descriptors: rlim_t = 1024

    /// Sets the limits, before anything of the plugin runs.
    static func set(server: Int32) {
        // When the server ends, however that happens, nothing of the plugin stays, whatever its threads are doing.
        signal(SIGTERM) { _ in RunnerLimits.end() }
        _ = kinodock_die_with_parent(SIGTERM)
        // The server may have ended before.
        if getppid() != server { end() }
        followServer(server)
        signal(SIGPIPE, SIG_IGN)
        // What a plugin prints would else come in blocks, and be lost when the process is ended.
        kinodock_print_by_lines()
        umask(0o077)
        set(RLIMIT_CORE, 0)
        #if !SANITIZER
            // A sanitizer keeps books of the memory that are larger than it.
            set(RLIMIT_DATA, memory)
        #endif
        set(RLIMIT_NOFILE, descriptors)
        // When the machine runs out of memory, the plugin goes before the server.
        let descriptor = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC)
        if descriptor >= 0 {
            write(descriptor, "500", 3)
            close(descriptor)
        }
        _ = mallopt(M_ARENA_MAX, 2)
        // Bulk bytes find memory that was used before: pages that are new to the process cost more than the bytes in them.
        _ = mallopt(M_MMAP_THRESHOLD, 32 << 20)
        _ = mallopt(M_TRIM_THRESHOLD, 8 << 20)
    }

    /// Ends the process when the server has ended, also when the plugin ignores signals and has the thread that reads.
    private static func followServer(_ server: Int32) {
        let process = kinodock_pidfd_open(server)
        guard process >= 0 else { end() }
        let watched = PrivateDescriptor.hide(process)
        SystemThread.start {
            var server = pollfd(fd: watched, events: Int16(POLLIN), revents: 0)
            // Whatever else wakes it up: without this descriptor nobody would notice the end.
            while poll(&server, 1, -1) <= 0 {}
            RunnerLimits.end()
        }
    }

    /// Ends the process and what the plugin has started in its group; safe in a signal handler.
    static func end() -> Never {
        if getpgrp() == getpid() { kill(0, SIGKILL) }
        _exit(0)
    }

    private static func set(_ resource: __rlimit_resource, _ most: rlim_t) {
        var limit = rlimit()
        let kind = __rlimit_resource_t(resource.rawValue)
        guard getrlimit(kind, &limit) == 0 else { return }
        limit.rlim_max = min(limit.rlim_max, most)
        limit.rlim_cur = limit.rlim_max
        setrlimit(kind, &limit)
    }
}
