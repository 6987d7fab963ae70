import PluginAPI
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TurnstileTests {
    /// Counts who is behind the turnstile.
    private final class Room: Sendable {
        private let counts = Mutex((inside: 0, most: 0, visits: 0))

        var most: Int { counts.withLock(\.most) }
        var visits: Int { counts.withLock(\.visits) }

        func visit() async {
            counts.withLock { $0 = ($0.inside + 1, max($0.most, $0.inside + 1), $0.visits + 1) }
            await Task.yield()
            counts.withLock { $0.inside -= 1 }
        }
    }

    @Test("nobody gets in before the one who is in has left, and everybody gets in")
    func oneAtATime() async throws {
        let (turnstile, room) = (Turnstile(), Room())
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask {
                    try await turnstile.enter()
                    defer { turnstile.leave() }
                    await room.visit()
                }
            }
            try await group.waitForAll()
        }
        #expect(room.most == 1 && room.visits == 50)
    }

    @Test("who gives up while it waits needs no place")
    func givingUp() async throws {
        let turnstile = Turnstile()
        try await turnstile.enter()
        let waiting = Task { try await turnstile.enter() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        turnstile.leave()
        try await turnstile.enter()
    }
}
