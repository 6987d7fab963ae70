import Synchronization

/// Holds callers up until the test lets them go, and tells the test when they have come.
final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let comings = AsyncStream.makeStream(of: Void.self)

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.held.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
            comings.continuation.yield()
        }
    }

    /// Waits until `count` more callers have come.
    func arrivals(_ count: Int = 1) async {
        var missing = count
        for await _ in comings.stream {
            missing -= 1
            if missing == 0 { return }
        }
    }

    func open() {
        let held = state.withLock { state in
            state.isOpen = true
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }
}
