import Synchronization

/// A value that comes at most once, for one task that waits for it.
///
/// The state only moves forward, under the lock, and the continuation leaves it in the same step: so it is resumed
/// exactly once whichever of value, failure and cancellation comes first.
final class Reply<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Outcome, Never>)
        case settled(Outcome)
    }

    typealias Outcome = Result<Value, HTTPClientError>

    private let state = Mutex(State.open)

    var isSettled: Bool {
        state.withLock { if case .settled = $0 { true } else { false } }
    }

    /// Gives the outcome to the task that waits or will wait; without effect when there is one already.
    func settle(_ outcome: Outcome) {
        let waiting = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            defer { if case .settled = state {} else { state = .settled(outcome) } }
            return if case .awaited(let continuation) = state { continuation } else { nil }
        }
        waiting?.resume(returning: outcome)
    }

    /// Waits for the outcome; called once.
    ///
    /// - Parameter start: Begins the work, when the outcome is still open and someone waits for it.
    /// - Parameter cancel: Ends the work; called when the task is cancelled, after the reply is settled.
    func wait(start: () -> Void, cancel: @Sendable () -> Void) async throws(HTTPClientError) -> Value {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let early = register(continuation) {
                    continuation.resume(returning: early)
                } else {
                    start()
                }
            }
        } onCancel: {
            settle(.failure(.cancelled))
            cancel()
        }
        return try outcome.get()
    }

    /// Keeps the continuation for `settle`, or answers with the outcome that was faster.
    private func register(_ continuation: CheckedContinuation<Outcome, Never>) -> Outcome? {
        state.withLock { state in
            if case .settled(let outcome) = state { return outcome }
            state = .awaited(continuation)
            return nil
        }
    }
}
