import Synchronization

/// Guards the opaque pointer of an instance: counts the threads that are inside the plugin with it, and hands it out
/// for the last time when they have left.
final class InstanceGate: Sendable {
    private struct State {
        var instance: InstancePointer?
        var inside = 0
        var isClosed = false
        var whenEmpty: (@Sendable (InstancePointer) -> Void)?
    }

    private let state = Mutex(State())

    /// Lets callers in.
    func open(_ instance: InstancePointer) {
        state.withLock { $0.instance = instance }
    }

    var isClosed: Bool { state.withLock(\.isClosed) }

    /// Runs `body` with the instance, unless the gate is closed.
    ///
    /// - Parameter closing: passes a closed gate too, as long as somebody is still inside.
    /// - Returns: whether `body` ran.
    func pass(closing: Bool = false, _ body: (InstancePointer) -> Void) -> Bool {
        let instance = state.withLock { state -> InstancePointer? in
            guard !state.isClosed || closing, let instance = state.instance else { return nil }
            state.inside += 1
            return instance
        }
        guard let instance else { return false }
        body(instance)
        leave()
        return true
    }

    /// Lets nobody in any more.
    ///
    /// - Returns: `false` when it was closed before.
    func close() -> Bool {
        state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
    }

    /// Runs `body` with the instance as soon as nobody is inside the closed gate; never when there is no instance.
    func whenEmpty(_ body: @escaping @Sendable (InstancePointer) -> Void) {
        let instance = state.withLock { state -> InstancePointer? in
            guard state.inside == 0 else {
                state.whenEmpty = body
                return nil
            }
            return state.instance.take()
        }
        if let instance { body(instance) }
    }

    private func leave() {
        let last = state.withLock { state -> (InstancePointer, @Sendable (InstancePointer) -> Void)? in
            state.inside -= 1
            guard state.inside == 0, let body = state.whenEmpty.take(), let instance = state.instance.take() else {
                return nil
            }
            return (instance, body)
        }
        if let (instance, body) = last { body(instance) }
    }
}
