import Synchronization
import Testing

@testable import PluginAPI

@Suite(.timeLimit(.minutes(1)))
struct SharedWorkTests {
    /// Work that tells when it has begun, and ends when the test says so or when it is cancelled.
    private final class Work: Sendable {
        private let runs = Mutex(0)
        private let begun = AsyncStream.makeStream(of: Void.self)
        private let ends = AsyncStream.makeStream(of: Void.self)

        var count: Int { runs.withLock(\.self) }

        func run() async throws -> Int {
            let number = runs.withLock { count in
                count += 1
                return count
            }
            begun.continuation.yield()
            for await _ in ends.stream { break }
            try Task.checkCancellation()
            return number
        }

        func waitForBegin() async { for await _ in begun.stream { break } }

        func end() { ends.continuation.yield() }
    }

    @Test("all who ask at the same time get what one piece of work comes to, those who ask later get another")
    func joined() async throws {
        let (shared, work) = (SharedWork<String, Int>(), Work())
        async let first = shared.value(for: "a") { try await work.run() }
        await work.waitForBegin()
        async let second = shared.value(for: "a") { try await work.run() }
        while shared.waiting(for: "a") < 2 { await Task.yield() }
        work.end()
        let both = try await [first, second]
        #expect(both == [1, 1])
        async let third = shared.value(for: "a") { try await work.run() }
        await work.waitForBegin()
        work.end()
        #expect(try await third == 2)
    }

    @Test("one who gives up leaves the work to the others; the last one ends it")
    func givingUp() async throws {
        let (shared, work) = (SharedWork<String, Int>(), Work())
        let first = Task { try await shared.value(for: "a") { try await work.run() } }
        await work.waitForBegin()
        let second = Task { try await shared.value(for: "a") { try await work.run() } }
        while shared.waiting(for: "a") < 2 { await Task.yield() }
        first.cancel()
        while shared.waiting(for: "a") > 1 { await Task.yield() }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(work.count == 1)
        #expect(shared.waiting(for: "a") == 0)
    }

    @Test("a failure is that of all, and is not kept")
    func failing() async throws {
        let shared = SharedWork<String, Int>()
        await #expect(throws: PluginError.self) {
            try await shared.value(for: "a") { throw PluginError(.timeout, "It took too long.") }
        }
        #expect(try await shared.value(for: "a") { 1 } == 1)
    }
}
