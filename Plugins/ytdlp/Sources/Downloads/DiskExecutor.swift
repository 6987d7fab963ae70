import Dispatch

/// A thread of their own for the downloads' bookkeeping, which waits for the disk.
final class DiskExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "ytdlp.downloads")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in
            job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }
}
