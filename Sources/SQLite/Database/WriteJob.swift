/// A change that waits for the writer.
protocol WriteJob: AnyObject, Sendable {
    /// Does the change and keeps its outcome; throws what the change throws, so that the writer takes it back.
    func run(on connection: Connection) throws

    /// Answers the one who waits, once: with the outcome of `run`, or with `failure` if the transaction was lost.
    func finish(failure: (any Error)?)
}

/// A change for which a task waits.
///
/// Unchecked: after its creation only the writer thread touches it.
final class AwaitedWrite<T: Sendable>: WriteJob, @unchecked Sendable {
    private let body: @Sendable (Connection) throws -> T
    private let continuation: CheckedContinuation<T, any Error>
    private var outcome: Result<T, any Error>?

    init(_ body: @escaping @Sendable (Connection) throws -> T, _ continuation: CheckedContinuation<T, any Error>) {
        self.body = body
        self.continuation = continuation
    }

    func run(on connection: Connection) throws {
        do {
            let value = try body(connection)
            // Left to the commit, this failure would hit all changes of the group.
            try connection.refuseOpenForeignKeys()
            outcome = .success(value)
        } catch {
            outcome = .failure(error)
            throw error
        }
    }

    func finish(failure: (any Error)?) {
        switch (outcome, failure) {
        // The change's own error says more than that of the transaction that it may have ended.
        case (.failure(let error), _): continuation.resume(throwing: error)
        case (_, let failure?): continuation.resume(throwing: failure)
        case (.success(let value), nil): continuation.resume(returning: value)
        case (nil, nil): preconditionFailure("the writer answers a change after it ran or with a failure")
        }
    }
}
