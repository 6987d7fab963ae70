/// How a cancelled import ends: always as `ImportFailure.Code.cancelled`, whatever the cancellation broke on its way, so
/// that nobody counts it as an attempt that failed.
extension Importer {
    /// Throws when the task was cancelled.
    static func checkCancellation() throws(ImportFailure) {
        if Task.isCancelled { throw .cancelled }
    }

    /// What the failure of a call means: of a cancelled task, that it was cancelled.
    static func failure(_ error: any Error, _ words: (any Error) -> String) -> ImportFailure {
        if Task.isCancelled || error is CancellationError { return .cancelled }
        return error as? ImportFailure ?? ImportFailure(.inputOutput, words(error), isRetryable: true)
    }

    /// Clears up after `failure` and answers it, for it stays the reason.
    ///
    /// What cannot be cleared now stays in the journal, where the next start finds it.
    static func ending(
        _ failure: ImportFailure,
        with clearing: () async throws(ImportFailure) -> Void
    ) async -> ImportFailure {
        do throws(ImportFailure) {
            try await clearing()
            return failure
        } catch {
            guard failure.code != .cancelled else { return failure }
            let words = "\(failure.message) What it has left behind could not be cleared yet: \(error.message)"
            return ImportFailure(failure.code, words, isRetryable: failure.isRetryable)
        }
    }
}

extension ImportFailure {
    /// The import ended because its task was cancelled, which is nobody's mistake.
    static let cancelled = ImportFailure(.cancelled, "The import was stopped.", isRetryable: true)
}
