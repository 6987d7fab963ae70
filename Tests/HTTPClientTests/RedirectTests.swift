import FoundationEssentials
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(1)))
struct RedirectTests {
    let client = HTTPClient()

    /// Sends every path but `/end` to `location`.
    private func redirecting(_ status: String = "302 Found", to location: String) throws -> ScriptedServer {
        try ScriptedServer { request, connection in
            request.target.contains("end")
                ? connection.respond(body: Array("end".utf8))
                : connection.respond(status, ["Location: \(location)"], body: Array("moved".utf8))
        }
    }

    @Test(arguments: [
        ("/end", "/end"), ("/end?q=1#part", "/end?q=1"), ("../end", "/end"), ("/end of it", "/end%20of%20it"),
        ("?end", "/a/b?end"),
    ])
    func `follows a relative location on the same connection`(location: String, target: String) async throws {
        let server = try redirecting(to: location)
        let response = try await client.send(.init(url: server.url("/a/b")))
        #expect(response.status == 200)
        #expect(response.body == Data("end".utf8))
        #expect(response.url == server.url(target))
        #expect(response.header("Location") == nil)
        #expect(server.requests.map(\.target) == ["/a/b", target])
        #expect(server.acceptedConnections == 1)
    }

    @Test(arguments: [
        ("301 Moved", "POST", "GET"), ("302 Found", "POST", "GET"), ("303 See Other", "POST", "GET"),
        ("303 See Other", "PUT", "GET"), ("303 See Other", "HEAD", "HEAD"), ("301 Moved", "PUT", "PUT"),
        ("307 Temporary", "POST", "POST"), ("308 Permanent", "PUT", "PUT"),
    ])
    func `keeps or changes the method`(status: String, method: String, next: String) async throws {
        let server = try redirecting(status, to: "/end")
        let body = method == "HEAD" ? nil : Data("body".utf8)
        _ = try await client.send(
            .init(method: method, url: server.url(), headers: [("Content-Type", "text/x")], body: body)
        )
        let last = try #require(server.requests.last)
        #expect(last.method == next)
        #expect(last.body == (next == "GET" ? Data() : body ?? Data()))
        #expect(last["content-type"] == (next == "GET" ? nil : "text/x"))
    }

    @Test func `keeps secrets from another host but not from the same one`() async throws {
        let other = try ScriptedServer { $1.respond() }
        let server = try redirecting(to: other.url("/"))
        let same = try redirecting(to: "/end")
        var request = HTTPClientRequest(url: server.url())
        request.headers = [
            ("Authorization", "Bearer x"), ("Cookie", "a=b"), ("X-Api-Key", "k"), ("X-Plex-Token", "t"),
            ("Accept", "*/*"),
        ]
        _ = try await client.send(request)
        let stranger = try #require(other.requests.first)
        for name in ["authorization", "cookie", "x-api-key", "x-plex-token"] { #expect(stranger[name] == nil) }
        #expect(stranger["accept"] == "*/*")
        request.url = same.url()
        _ = try await client.send(request)
        #expect(same.requests.last?["authorization"] == "Bearer x")
        #expect(same.requests.last?["cookie"] == "a=b")
    }

    @Test func `keeps credentials from another host when they came from the address or the request`() async throws {
        let other = try ScriptedServer { $1.respond() }
        let server = try redirecting(to: "http://evil:seed@127.0.0.1:\(other.port)/")
        var request = HTTPClientRequest(url: "http://u:p@127.0.0.1:\(server.port)/")
        _ = try await client.send(request)
        request.basicAuth = .init(user: "a", password: "b")
        _ = try await client.send(request)
        #expect(server.requests.allSatisfy { $0["authorization"] != nil })
        #expect(other.requests.map { $0["authorization"] } == [nil, nil])
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "gopher://127.0.0.1:70/"])
    func `does not leave http`(location: String) async throws {
        let server = try redirecting(to: location)
        let error = await failure { () throws(HTTPClientError) in try await client.send(.init(url: server.url())) }
        #expect(error?.code == .protocol)
    }

    @Test func `gives up after 10 redirects`() async throws {
        let server = try redirecting(to: "/again")
        let error = await failure { () throws(HTTPClientError) in try await client.send(.init(url: server.url())) }
        #expect(error?.code == .tooManyRedirects)
        #expect(server.requests.count == 11)
    }

    @Test func `gives the redirect itself when asked not to follow`() async throws {
        let server = try redirecting(to: "/end")
        var request = HTTPClientRequest(url: server.url())
        request.followsRedirects = false
        let response = try await client.send(request)
        #expect(response.status == 302)
        #expect(response.header("location") == "/end")
        #expect(response.body == Data("moved".utf8))
    }

    @Test func `follows without reading a long body to its end`() async throws {
        let server = try ScriptedServer { request, connection in
            if request.target == "/end" { return connection.respond(body: Array("end".utf8)) }
            connection.send("HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 100000000\r\n\r\n")
            let portion = [UInt8](repeating: 0, count: 1 << 20)
            for _ in 0..<90 { guard connection.send(portion) else { return false } }
            connection.waitForClose()
            return false
        }
        #expect(try await client.send(.init(url: server.url())).body == Data("end".utf8))
    }

    @Test func `counts the time of all redirects together`() async throws {
        let server = try ScriptedServer { request, connection in
            if request.target == "/" { return connection.respond("302 Found", ["Location: /silent"]) }
            connection.waitForClose()
            return false
        }
        var request = HTTPClientRequest(url: server.url())
        request.timeout = .milliseconds(150)
        #expect(await failure { () throws(HTTPClientError) in try await client.send(request) }?.code == .timeout)
    }
}
