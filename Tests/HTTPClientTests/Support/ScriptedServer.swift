import Glibc
import Synchronization

/// A server on a free port of 127.0.0.1 that answers with whatever bytes a test wants.
///
/// One thread accepts and one serves each connection; all end when the server goes away.
final class ScriptedServer: Sendable {
    /// Answers one request and returns whether the connection stays open for another one.
    typealias Script = @Sendable (ReceivedRequest, Connection) -> Bool

    private struct State {
        var connections: [CInt] = []
        var requests: [ReceivedRequest] = []
        var accepted = 0
        var open = 0
        var mostOpen = 0
        var isStopped = false
    }

    let port: Int
    private let listener: CInt
    private let shared: Shared

    /// What the threads keep when the server itself is gone.
    private final class Shared: Sendable {
        let greeting: String
        let script: Script
        let state = Mutex(State())

        init(greeting: String, script: @escaping Script) {
            self.greeting = greeting
            self.script = script
        }
    }

    /// Starts the server.
    ///
    /// - Parameter greeting: What it says on each connection before it is asked anything.
    init(greeting: String = "", _ script: @escaping Script) throws {
        listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 512) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw SetupFailure() }
        port = Int(UInt16(bigEndian: address.sin_port))
        shared = Shared(greeting: greeting, script: script)
        let shared = shared
        Worker.start { Self.accept(on: listener, shared) }
    }

    deinit {
        shared.state.withLock {
            $0.isStopped = true
            for connection in $0.connections { shutdown(connection, CInt(SHUT_RDWR)) }
        }
        shutdown(listener, CInt(SHUT_RDWR))
    }

    struct SetupFailure: Error {}

    /// Answers each request with the same bytes and keeps the connection.
    convenience init(answer: String) throws {
        try self.init { _, connection in
            connection.send(answer)
            return true
        }
    }

    func url(_ path: String = "/", host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }
    var requests: [ReceivedRequest] { shared.state.withLock { $0.requests } }
    var acceptedConnections: Int { shared.state.withLock { $0.accepted } }
    var mostOpenConnections: Int { shared.state.withLock { $0.mostOpen } }

    private static func accept(on listener: CInt, _ shared: Shared) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let isWanted = shared.state.withLock { state in
                guard !state.isStopped else { return false }
                state.connections.append(descriptor)
                state.accepted += 1
                state.open += 1
                state.mostOpen = max(state.mostOpen, state.open)
                return true
            }
            guard isWanted else { close(descriptor); break }
            Worker.start { serve(Connection(descriptor: descriptor), shared) }
        }
        close(listener)
    }

    private static func serve(_ connection: Connection, _ shared: Shared) {
        var buffer: [UInt8] = []
        connection.send(shared.greeting)
        while let request = connection.readRequest(&buffer) {
            shared.state.withLock { $0.requests.append(request) }
            guard shared.script(request, connection) else { break }
        }
        shared.state.withLock { state in
            state.connections.removeAll { $0 == connection.descriptor }
            state.open -= 1
            close(connection.descriptor)
        }
    }
}

/// Runs a closure on a thread of its own, because the tests' servers block.
enum Worker {
    private final class Job {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let job = Unmanaged.passRetained(Job(body))
        let result = pthread_create(
            &thread,
            nil,
            { context in
                // Made by the line above, once.
                Unmanaged<Job>.fromOpaque(context!).takeRetainedValue().body()
                return nil
            },
            job.toOpaque()
        )
        precondition(result == 0, "no thread for the test server")
        pthread_detach(thread)
    }
}
