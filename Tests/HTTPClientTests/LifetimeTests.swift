import FoundationEssentials
import Testing

@testable import HTTPClient

@Suite(.timeLimit(.minutes(1)))
struct LifetimeTests {
    /// A server that never answers and tells when it was asked and when the client hung up.
    private func silentServer(asked: Event, closed: Event) throws -> ScriptedServer {
        try ScriptedServer { _, connection in
            asked.fire()
            connection.waitForClose()
            closed.fire()
            return false
        }
    }

    @Test func `ends a request whose task is cancelled, and its connection`() async throws {
        let (asked, closed, client) = (Event(), Event(), HTTPClient())
        let server = try silentServer(asked: asked, closed: closed)
        let url = server.url()
        let task = Task { await failure { () throws(HTTPClientError) in try await client.send(.init(url: url)) } }
        try await asked.wait()
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        try await closed.wait()
    }

    @Test func `does not start a request in a task that is cancelled already`() async throws {
        let (server, client) = (try ScriptedServer { $1.respond() }, HTTPClient())
        let url = server.url()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure { () throws(HTTPClientError) in try await client.send(.init(url: url)) }
        }
        #expect(await task.value?.code == .cancelled)
        _ = try await client.send(.init(url: server.url("/after")))
        #expect(server.requests.map(\.target) == ["/after"])
    }

    @Test func `cancels every open and every later request at shut-down`() async throws {
        let (asked, client) = (Event(), HTTPClient())
        let server = try silentServer(asked: asked, closed: Event())
        let url = server.url()
        let tasks = (0..<50).map { _ in
            Task { await failure { () throws(HTTPClientError) in try await client.send(.init(url: url)) } }
        }
        try await asked.wait()
        client.shutDown()
        for task in tasks { #expect(await task.value?.code == .cancelled) }
        let late = await failure { () throws(HTTPClientError) in try await client.send(.init(url: url)) }
        #expect(late?.code == .cancelled)
        client.shutDown()
    }

    @Test func `has a thread only while there is use for it`() async throws {
        let closed = Event()
        let server = try ScriptedServer { _, connection in
            connection.respond()
            connection.waitForClose()
            closed.fire()
            return false
        }
        let client = HTTPClient(configuration: .init(idleLifetime: .milliseconds(20)))
        #expect(!client.engine.isRunning)
        _ = try await client.send(.init(url: server.url()))
        // The thread takes the idle connection with it.
        try await closed.wait()
        #expect(!client.engine.isRunning)
        _ = try await client.send(.init(url: server.url()))
        #expect(server.acceptedConnections == 2)
    }

    @Test func `lets the loop go when the client goes`() async throws {
        let server = try ScriptedServer { $1.respond() }
        weak var engine: TransferEngine?
        do {
            let client = HTTPClient()
            _ = try await client.send(.init(url: server.url()))
            engine = client.engine
            #expect(engine != nil)
        }
        #expect(engine == nil)
    }

    @Test func `survives cancellation at every moment`() async throws {
        let (server, client) = (try ScriptedServer { $1.respond(body: Array("body".utf8)) }, HTTPClient())
        let url = server.url()
        for round in 0..<300 {
            let task = Task { await failure { () throws(HTTPClientError) in try await client.send(.init(url: url)) } }
            for _ in 0..<(round % 30) { await Task.yield() }
            task.cancel()
            let error = await task.value
            #expect(error == nil || error?.code == .cancelled)
        }
        #expect(try await client.send(.init(url: url)).status == 200)
    }
}
