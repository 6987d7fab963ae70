import PluginAPI
import Synchronization

/// An instance that is being created: it exists when the plugin has both replied and returned, in either order, and
/// is given up when that takes too long.
final class PendingCreation: Sendable {
    typealias Outcome = Result<InstancePointer, PluginError>
    typealias Waiter = UnsafeContinuation<Outcome, Never>

    fileprivate struct State {
        var waiter: Waiter?
        var isSettled = false
        var error: PluginError?
        var hasReplied = false
        var hasReturned = false
        var pointer: InstancePointer?
    }

    private let state: Mutex<State>
    private let late: @Sendable (Outcome) -> Void

    /// - Parameter late: called with what it came to after it was given up, perhaps an instance that nobody wants.
    init(_ waiter: Waiter, late: @escaping @Sendable (Outcome) -> Void) {
        state = Mutex(State(waiter: waiter))
        self.late = late
    }

    func replied(_ result: CallResult) {
        settle { state in
            state.hasReplied = true
            if case .failure(let error) = result { state.error = error }
        }
    }

    func returned(_ pointer: InstancePointer?) {
        settle { state in
            state.hasReturned = true
            state.pointer = pointer
        }
    }

    /// Answers whoever waits; what the plugin still makes is an orphan.
    func giveUp(_ error: PluginError) {
        state.withLock { $0.waiter.take() }?.resume(returning: .failure(error))
    }

    private func settle(_ change: (inout State) -> Void) {
        let (waiter, outcome) = state.withLock { state in
            change(&state)
            // A failure is one as soon as it is said, and still one when the function returns.
            guard !state.isSettled, let outcome = state.outcome else { return (nil, nil) as (Waiter?, Outcome?) }
            state.isSettled = true
            return (state.waiter.take(), outcome)
        }
        guard let outcome else { return }
        if let waiter { waiter.resume(returning: outcome) } else { late(outcome) }
    }
}

extension PendingCreation.State {
    /// What the creation came to; `nil` while a part is missing.
    fileprivate var outcome: PendingCreation.Outcome? {
        guard hasReplied else { return nil }
        if let error { return .failure(error) }
        guard hasReturned else { return nil }
        guard let pointer else {
            let message = "The plugin said that it created an instance but gave none; this is a defect of the plugin."
            return .failure(PluginError(.badResponse, message))
        }
        return .success(pointer)
    }
}
