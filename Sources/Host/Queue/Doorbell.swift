import Synchronization

/// Lets a loop sleep until its time is over or somebody wants it.
final class Doorbell: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Ends the wait that runs, or the next one.
    func ring() {
        let waiter = state.withLock { state in
            let waiter = state.waiter
            state.waiter = nil
            state.isRung = waiter == nil
            return waiter
        }
        waiter?.resume()
    }

    /// Waits for `duration`, for a ring, or for the end of the task.
    ///
    /// Only one may wait at a time.
    func wait(for duration: Duration, clock: any Clock<Duration>) async {
        let alarm = Task {
            try? await clock.sleep(for: duration)
            if !Task.isCancelled { self.ring() }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isRung = state.withLock { state in
                    defer { state.isRung = false }
                    if !state.isRung && !Task.isCancelled { state.waiter = continuation }
                    return state.isRung || Task.isCancelled
                }
                if isRung { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
        alarm.cancel()
    }
}
