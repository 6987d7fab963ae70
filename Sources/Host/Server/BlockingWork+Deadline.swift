extension BlockingWork {
    /// Waits for `work` no longer than `limit`.
    ///
    /// Work that waits for a disk cannot be cancelled: it keeps its thread until the disk answers, and nobody is told.
    ///
    /// - Returns: `nil` when the time was over first.
    static func run<Result: Sendable>(
        within limit: Duration,
        _ work: @escaping @Sendable () -> Result
    ) async -> Result? {
        let (results, continuation) = AsyncStream.makeStream(of: Result.self)
        let worker = Task {
            continuation.yield(await run(work))
            continuation.finish()
        }
        let alarm = Task {
            try? await Task.sleep(for: limit)
            continuation.finish()
        }
        defer {
            worker.cancel()
            alarm.cancel()
        }
        return await results.first { _ in true }
    }
}
