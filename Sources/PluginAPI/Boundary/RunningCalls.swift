import Synchronization

/// The calls that arrived over the C contract and are not answered yet, by the caller's number.
package final class RunningCalls: Sendable {
    private enum Running {
        /// The task is being started on the caller's thread.
        case starting(isCancelled: Bool)
        case started(Task<Void, Never>)
    }

    private struct State {
        var running: [UInt64: Running] = [:]
        var whenEmpty: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// No call is open.
    package init() {}

    /// How many calls are open.
    package var count: Int { state.withLock { $0.running.count } }

    /// Runs `body` for the call `id`.
    ///
    /// It starts on the calling thread and leaves it at its first wait, so work that need not wait is done when this
    /// returns, without a change of thread.
    package func start(_ id: UInt64, _ body: @escaping @Sendable () async -> Void) {
        state.withLock { $0.running[id] = .starting(isCancelled: false) }
        let task = Task.immediate {
            await body()
            self.finish(id)
        }
        let isCancelled = state.withLock { state -> Bool in
            guard case .starting(let isCancelled) = state.running[id] else { return false }
            state.running[id] = .started(task)
            return isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Gives up an open call; one that is not open is ignored.
    package func cancel(_ id: UInt64) {
        let task = state.withLock { state -> Task<Void, Never>? in
            switch state.running[id] {
            case .started(let task): return task
            case .starting: state.running[id] = .starting(isCancelled: true)
            case nil: break
            }
            return nil
        }
        task?.cancel()
    }

    /// Gives up all open calls.
    package func cancelAll() {
        for id in state.withLock({ Array($0.running.keys) }) { cancel(id) }
    }

    /// Waits until no call is open.
    ///
    /// Only one task may wait.
    package func drain() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.running.isEmpty { state.whenEmpty = continuation }
                return state.running.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }

    private func finish(_ id: UInt64) {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.running[id] = nil
            return state.running.isEmpty ? state.whenEmpty.take() : nil
        }
        waiting?.resume()
    }
}
