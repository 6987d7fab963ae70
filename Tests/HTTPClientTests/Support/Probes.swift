import Synchronization

@testable import HTTPClient

/// Something that happens once and that a test waits for.
final class Event: Sendable {
    private let reply = Reply<Bool>()

    func fire() { reply.settle(.success(true)) }

    func wait() async throws { _ = try await reply.wait(start: {}, cancel: {}) }
}

/// Runs `body` and answers the code of the error that it throws, or `nil`.
func failure<T>(of body: () async throws(HTTPClientError) -> T) async -> HTTPClientError? {
    do throws(HTTPClientError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

/// A clock that a test sets, in seconds since 1970.
final class TestClock: Sendable {
    private let seconds: Mutex<Double>

    init(_ seconds: Double) { self.seconds = Mutex(seconds) }

    var now: Double { seconds.withLock { $0 } }

    func advance(by interval: Double) { seconds.withLock { $0 += interval } }
}

/// A number that a server's thread raises and a test reads.
final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func increment() { count.add(1, ordering: .relaxed) }
}
