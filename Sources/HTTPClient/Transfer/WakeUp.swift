import CCurl
import Glibc

/// Ends the sleep of the engine's thread, from any thread.
///
/// libcurl has such a call too, but its object dies with the multi handle, so that callers would have to hold a lock
/// while they wake the thread up: and the thread's first step is to take that lock.
struct WakeUp: ~Copyable, Sendable {
    /// Readable after a signal; -1 when the system had no descriptor left.
    let descriptor: CInt

    init() {
        descriptor = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    borrowing func signal() {
        eventfd_write(descriptor, 1)
    }

    /// Takes all signals so far away.
    borrowing func clear() {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
    }
}
