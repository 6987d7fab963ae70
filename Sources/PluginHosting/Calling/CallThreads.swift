import Glibc
import Synchronization

/// The threads on which the C functions of one plugin run.
///
/// A plugin must not block in them, but one that does shall cost nobody else: not a thread of Swift's pool, of which
/// there are as few as the machine has cores, and not a thread of another plugin. Threads come when they are needed,
/// up to a limit, and end after some seconds without work. Work beyond the limit waits, up to a limit as well, and its
/// callers have deadlines.
final class CallThreads: Sendable {
    fileprivate struct State {
        /// The jobs that wait, behind those that were taken.
        var jobs: [(@Sendable () -> Void)?] = []
        /// How many of `jobs`, from the start, have been taken.
        var taken = 0
        /// Threads that wait on `wake` and that nobody has woken yet.
        var idle = 0
        var threads = 0

        mutating func take() -> (@Sendable () -> Void)? {
            guard taken < jobs.count else { return nil }
            let job = jobs[taken].take()
            taken += 1
            // Half of the list at a time, so that each job is moved once on average.
            if taken == jobs.count || taken > 64 && taken * 2 > jobs.count {
                jobs.removeFirst(taken)
                taken = 0
            }
            return job
        }
    }

    private enum Wake { case existing, new, none, refused }

    private let state = Mutex(State())
    private let wake = Semaphore()
    private let limit: Int
    private let waitingLimit: Int
    private let idleSeconds: Int

    init(limit: Int, waitingLimit: Int = 4096, idleSeconds: Int = 10) {
        self.limit = limit
        self.waitingLimit = waitingLimit
        self.idleSeconds = idleSeconds
    }

    /// Runs `job` soon, after the jobs that came before it have started.
    ///
    /// - Returns: `false` when it will not run, because too many wait already.
    func run(_ job: @escaping @Sendable () -> Void) -> Bool {
        let wakes = state.withLock { state -> Wake in
            guard state.jobs.count - state.taken < waitingLimit else { return .refused }
            state.jobs.append(job)
            if state.idle > 0 {
                state.idle -= 1
                return .existing
            }
            guard state.threads < limit else { return .none }
            state.threads += 1
            return .new
        }
        switch wakes {
        case .existing: wake.signal()
        case .new: startThread()
        case .none: break
        case .refused: return false
        }
        return true
    }

    private func startThread() {
        guard SystemThread.start({ self.work() }) else {
            // The job stays queued for a thread that exists, or until its caller's deadline.
            return state.withLock { $0.threads -= 1 }
        }
    }

    private func work() {
        while true {
            if let job = state.withLock({ $0.takeOrRest() }) {
                job()
            } else if !wake.wait(seconds: idleSeconds), leave() {
                return
            }
        }
    }

    /// Ends an idle thread, unless it was woken at the last moment.
    private func leave() -> Bool {
        let mayLeave = state.withLock { state -> Bool in
            guard state.idle > 0 else { return false }
            state.idle -= 1
            state.threads -= 1
            return true
        }
        if !mayLeave { wake.wait() }
        return mayLeave
    }
}

extension CallThreads.State {
    /// The next job; when there is none, the thread counts as idle from now on.
    fileprivate mutating func takeOrRest() -> (@Sendable () -> Void)? {
        let job = take()
        if job == nil { idle += 1 }
        return job
    }
}
