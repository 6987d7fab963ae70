import Synchronization

/// Lets a limited number in at a time; the others wait in line.
///
/// An actor alone does not: another call begins while one waits for an answer.
///
///     try await turnstile.enter()
///     defer { turnstile.leave() }
public final class Turnstile: Sendable {
    private struct State {
        var free: Int
        var line: [(id: UInt64, waiter: CheckedContinuation<Void, any Error>)] = []
        var last: UInt64 = 0
    }

    private let state: Mutex<State>

    /// Nobody is in.
    public init(places: Int = 1) {
        state = Mutex(State(free: places))
    }

    /// Waits for a place, which `leave` gives back.
    ///
    /// - Throws: `CancellationError` when the task ends before its turn; there is no place to give back then.
    public func enter() async throws {
        let id = state.withLock { state in
            state.last += 1
            return state.last
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if state.free > 0 {
                        state.free -= 1
                        return .success(())
                    }
                    state.line.append((id, waiter))
                    return nil
                }
                if let outcome { waiter.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.line.firstIndex { $0.id == id }.map { state.line.remove(at: $0).waiter }
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Gives the place to the next in line; once for each `enter` that did not throw.
    public func leave() {
        let next = state.withLock { state in
            if state.line.isEmpty { state.free += 1 }
            return state.line.isEmpty ? nil : state.line.removeFirst().waiter
        }
        next?.resume()
    }
}
