// Only for builds with the thread sanitizer; scripts/sanitize.sh puts a copy of this file into every target of a copy of
// the sources, where it takes the place of the type that Synchronization has. That one is built without the sanitizer,
// which so does not see what it orders, and reports races where there are none. It does see pthread_mutex_t.
import Glibc

/// Guards a value, as `Synchronization.Mutex` does.
struct Mutex<Value>: ~Copyable, @unchecked Sendable {
    // Unchecked: the value is touched only while the lock is held.
    private let value: UnsafeMutablePointer<Value>
    private let lock: UnsafeMutablePointer<pthread_mutex_t>

    init(_ initial: consuming sending Value) {
        value = .allocate(capacity: 1)
        value.initialize(to: initial)
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
        value.deinitialize(count: 1)
        value.deallocate()
    }

    borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&value.pointee)
    }
}
