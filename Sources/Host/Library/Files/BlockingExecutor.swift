import Dispatch

/// A thread of its own for work that blocks, so that a long copy takes no thread from the rest of the server.
///
/// Use it as the preference of a task: `Task(executorPreference: executor) { try await importer.place(request) }`.
/// Jobs run one after the other; a suspended task lets the next one run.
final class BlockingExecutor: TaskExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label, qos: .utility)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
