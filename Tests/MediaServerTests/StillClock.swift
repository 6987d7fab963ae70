import Synchronization

/// A clock on which everybody sleeps until the test wakes them.
final class StillClock: Clock {
    typealias Duration = Swift.Duration
    typealias Instant = ContinuousClock.Instant

    private struct State {
        var isAwake = false
        var sleepers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var now: Instant { .now }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        await withCheckedContinuation { continuation in
            let isAwake = state.withLock { state in
                if !state.isAwake { state.sleepers.append(continuation) }
                return state.isAwake
            }
            if isAwake { continuation.resume() }
        }
    }

    func wake() {
        let sleepers = state.withLock { state in
            state.isAwake = true
            defer { state.sleepers = [] }
            return state.sleepers
        }
        for sleeper in sleepers { sleeper.resume() }
    }
}
