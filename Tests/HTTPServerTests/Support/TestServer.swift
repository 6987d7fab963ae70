import FoundationEssentials
import Synchronization

@testable import HTTPServer

/// Servers and routes for the tests.
enum TestServer {
    static func router() -> Router {
        Router(renderError: { error, _ in
            .text("\(error.code) \(error.message)", status: error.status)
        })
    }

    static func start(
        _ change: (inout HTTPServer.Configuration) -> Void = { _ in },
        accessLog: (@Sendable (AccessRecord) -> Void)? = nil,
        routes: (inout Router) -> Void
    ) throws -> HTTPServer {
        var configuration = HTTPServer.Configuration()
        change(&configuration)
        var router = router()
        router.get("/ping") { _ in .text("pong") }
        routes(&router)
        return try HTTPServer(configuration: configuration, router: router, accessLog: accessLog)
    }
}

/// A door that opens once, for handlers that must wait without sleeping.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var arrived = 0
    }

    private let state = Mutex(State())

    var arrivals: Int { state.withLock { $0.arrived } }

    func pass() async {
        await withCheckedContinuation { continuation in
            let open = state.withLock { state in
                state.arrived += 1
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if open { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Waits for a condition without a fixed sleep; gives up after ten seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    while ContinuousClock.now < deadline {
        if condition() { return true }
        await Task.yield()
    }
    return condition()
}

/// A file with a known content that deletes itself.
final class TestFile: Sendable {
    let path: String
    let bytes: [UInt8]

    init(count: Int) throws {
        // Repeated at a prime number, so that no two pieces of a power of two are alike.
        let block = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += block.prefix(count - bytes.count) }
        self.bytes = bytes
        path = FileManager.default.temporaryDirectory.path + "/kinodock-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: path))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
