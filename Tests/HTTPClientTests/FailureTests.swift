import FoundationEssentials
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
    let client = HTTPClient()

    @Test(arguments: [
        "", "not a url", "/relative", "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://h:99999/",
        "http://127.0.0.1/\u{0}", "http://a b/", "javascript:alert(1)", "http://127.0.0.1/\r\nX: y",
    ])
    func `refuses an address that is not a complete http address`(url: String) async {
        let error = await failure { () throws(HTTPClientError) in try await client.send(.init(url: url)) }
        #expect(error?.code == .invalidURL)
    }

    @Test(arguments: [("X-A", "a\r\nX-B: b"), ("X A", "a"), ("", "a"), ("X-A:", "a"), ("X-A", "a\u{0}b")])
    func `refuses a field that would not stay one line`(name: String, value: String) async throws {
        let server = try ScriptedServer { $1.respond() }
        let error = await failure { () throws(HTTPClientError) in
            try await client.send(.init(url: server.url(), headers: [(name, value)]))
        }
        #expect(error?.code == .invalidRequest)
        #expect(server.requests.isEmpty)
    }

    @Test func `refuses a method with a space`() async {
        let error = await failure { () throws(HTTPClientError) in
            try await client.send(.init(method: "GET /x", url: "http://127.0.0.1:1/"))
        }
        #expect(error?.code == .invalidRequest)
    }

    @Test func `says unreachable, and where, without secrets, when nothing listens`() async throws {
        let port = try ScriptedServer(answer: "").port
        let error = await failure { () throws(HTTPClientError) in
            try await client.send(.init(url: "http://user:hush@127.0.0.1:\(port)/p?apikey=hush"))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("127.0.0.1:\(port)") == true)
        #expect(error?.message.contains("hush") == false)
        #expect(error?.message.contains("user") == false)
    }

    @Test func `says unreachable for a host that does not exist`() async {
        let error = await failure { () throws(HTTPClientError) in
            try await client.send(.init(url: "http://no-such-host.invalid/"))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("no-such-host.invalid") == true)
    }

    @Test func `times out when the server stays silent, and closes the connection`() async throws {
        let closed = Event()
        let server = try ScriptedServer { _, connection in
            connection.waitForClose()
            closed.fire()
            return false
        }
        var request = HTTPClientRequest(url: server.url())
        request.timeout = .milliseconds(100)
        let error = await failure { () throws(HTTPClientError) in try await client.send(request) }
        #expect(error?.code == .timeout)
        #expect(error?.message.contains("127.0.0.1:\(server.port)") == true)
        try await closed.wait()
    }

    @Test func `times out while it waits for a free connection`() async throws {
        let server = try ScriptedServer { _, connection in
            connection.waitForClose()
            return false
        }
        let client = HTTPClient(configuration: .init(maxConnectionsPerHost: 1))
        var slow = HTTPClientRequest(url: server.url("/slow"))
        slow.timeout = .seconds(50)
        let first = Task { [slow] in try await client.send(slow) }
        var quick = HTTPClientRequest(url: server.url("/quick"))
        quick.timeout = .milliseconds(100)
        let error = await failure { () throws(HTTPClientError) in try await client.send(quick) }
        #expect(error?.code == .timeout)
        first.cancel()
        _ = await first.result
    }

    @Test func `times out when the server stops in the middle, by the idle limit`() async throws {
        let server = try ScriptedServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            connection.waitForClose()
            return false
        }
        var request = HTTPClientRequest(url: server.url())
        request.idleTimeout = .seconds(1)
        let error = await failure { () throws(HTTPClientError) in try await client.send(request) }
        #expect(error?.code == .timeout)
    }

    @Test(arguments: [true, false])
    func `says interrupted when the server goes away in the middle of a body`(resets: Bool) async throws {
        let server = try ScriptedServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
            if resets { connection.resetOnClose() }
            return false
        }
        let error = await failure { () throws(HTTPClientError) in try await client.send(.init(url: server.url())) }
        #expect(error?.code == .interrupted)
    }

    @Test(arguments: [
        ("another protocol", "SSH-2.0-OpenSSH_9.2\r\n"),
        ("bytes", "\u{0}\u{1}\u{2}\r\n\r\n"),
        ("a line without a colon", "HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 0\r\n\r\n"),
        ("bad chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        ("bad gzip", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"),
        ("a long field", Samples.longField),
        ("many fields", Samples.manyFields),
    ])
    func `calls an answer that is not HTTP a breach of protocol`(name: String, answer: Samples.Answer) async throws {
        let server = try ScriptedServer { _, connection in
            connection.send(answer.text)
            return false
        }
        let error = await failure { () throws(HTTPClientError) in try await client.send(.init(url: server.url())) }
        #expect(error?.code == .protocol)
    }

    @Test func `leaves fields without a name out and joins folded ones`() async throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\n: nameless\r\nX-Folded: a\r\n  b\r\nContent-Length: 0\r\n\r\n"
        )
        let response = try await client.send(.init(url: server.url()))
        #expect(response.headers.map(\.name) == ["X-Folded", "Content-Length"])
        #expect(response.header("x-folded") == "a b")
    }

    @Test func `fails at the head when the body is announced as too large`() async throws {
        let server = try ScriptedServer { _, connection in
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n")
            connection.waitForClose()
            return false
        }
        var request = HTTPClientRequest(url: server.url())
        request.maxBodyBytes = 100
        let error = await failure { () throws(HTTPClientError) in try await client.send(request) }
        #expect(error?.code == .tooLarge)
    }

    @Test func `fails when more comes than is allowed, counted after decompression`() async throws {
        let server = try ScriptedServer { $1.respond("200 OK", ["Content-Encoding: gzip"], body: Samples.gzip) }
        var request = HTTPClientRequest(url: server.url())
        request.maxBodyBytes = 7999
        #expect(await failure { () throws(HTTPClientError) in try await client.send(request) }?.code == .tooLarge)
        request.maxBodyBytes = 8000
        #expect(try await client.send(request).body.count == 8000)
    }

    @Test func `says so when the other side does not speak TLS, which is no matter of certificates`() async throws {
        let server = try ScriptedServer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n") { _, _ in false }
        let error = await failure { () throws(HTTPClientError) in
            try await client.send(.init(url: "https://127.0.0.1:\(server.port)/?apikey=hush"))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("http or https") == true)
        #expect(error?.message.contains("hush") == false)
    }
}
