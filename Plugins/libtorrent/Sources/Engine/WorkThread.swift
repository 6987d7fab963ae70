import Glibc
import Synchronization

/// A thread of one's own, as the executor of an actor that calls what blocks.
///
/// It begins with the first job. After `end` it stops when there is nothing left to do.
final class WorkThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var runs = false
        var ends = false
    }

    private let state = Mutex(State())
    private let bell = Bell()

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let begins = state.withLock { state in
            state.jobs.append(job)
            defer { state.runs = true }
            return !state.runs
        }
        if begins { start() } else { bell.ring() }
    }

    /// Lets the thread stop when everything that was given to it is done.
    func end() {
        state.withLock { $0.ends = true }
        bell.ring()
    }

    private func start() {
        let retained = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { pointer in
                // The thread was given a reference of its own, so there is always one.
                if let pointer { Unmanaged<WorkThread>.fromOpaque(pointer).takeRetainedValue().run() }
                return nil
            },
            retained.toOpaque()
        )
        // Without a thread nothing of this plugin works, and a job that is dropped would be waited for for ever.
        precondition(status == 0, "The system has no thread left.")
        pthread_detach(thread)
    }

    private func run() {
        while true {
            let (jobs, stops) = state.withLock { state in
                let jobs = state.jobs
                state.jobs.removeAll(keepingCapacity: true)
                let stops = jobs.isEmpty && state.ends
                if stops { state.runs = false }
                return (jobs, stops)
            }
            if stops { return }
            for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
            if jobs.isEmpty { bell.wait() }
        }
    }

    /// A counting semaphore of the system.
    private final class Bell: @unchecked Sendable {
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

        func ring() { sem_post(handle) }

        func wait() { while sem_wait(handle) != 0 {} }
    }
}
