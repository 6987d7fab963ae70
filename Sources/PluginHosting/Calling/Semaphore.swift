import Glibc

/// A counting semaphore of the system.
final class Semaphore: @unchecked Sendable {
    // Unchecked: the semaphore stays at one address, and its functions may be called from any thread.
    private let handle: UnsafeMutablePointer<sem_t>

    init() {
        handle = .allocate(capacity: 1)
        handle.initialize(to: sem_t())
        sem_init(handle, 0, 0)
    }

    deinit {
        sem_destroy(handle)
        handle.deallocate()
    }

    func signal() {
        sem_post(handle)
    }

    func wait() {
        while sem_wait(handle) != 0 {}
    }

    /// Waits for about `seconds`: a change of the system's clock changes it.
    ///
    /// - Returns: whether the semaphore was signalled.
    func wait(seconds: Int) -> Bool {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        time.tv_sec += seconds
        while sem_timedwait(handle, &time) != 0 {
            guard errno == EINTR else { return false }
        }
        return true
    }
}
