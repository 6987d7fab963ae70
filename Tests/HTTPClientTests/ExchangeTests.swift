import FoundationEssentials
import HTTPClient
import Testing

@Suite(.timeLimit(.minutes(1)))
struct ExchangeTests {
    let client = HTTPClient()

    @Test func `gives back status, fields and the exact bytes of a body`() async throws {
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
        let server = try ScriptedServer { $1.respond("418 I'm a teapot", ["X-One: 1", "x-two:two "], body: bytes) }
        let response = try await client.send(HTTPClientRequest(url: server.url("/a?b=c")))
        #expect(response.status == 418)
        #expect(response.body == Data(bytes))
        #expect(response.header("X-ONE") == "1")
        #expect(response.header("X-Two") == "two")
        #expect(response.header("X-Three") == nil)
        #expect(response.url == server.url("/a?b=c"))
        #expect(server.requests.first?.target == "/a?b=c")
    }

    @Test(arguments: [0, 1, 100, 64 << 10, (64 << 10) + 1, 3 << 20])
    func `sends every byte of a body`(count: Int) async throws {
        let body = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) })
        let server = try ScriptedServer { $1.respond() }
        for method in ["POST", "PUT"] {
            let fields = [("Content-Type", "application/x-bittorrent")]
            _ = try await client.send(.init(method: method, url: server.url(), headers: fields, body: body))
        }
        #expect(server.requests.map(\.method) == ["POST", "PUT"])
        #expect(server.requests.allSatisfy { $0.body == body && $0["content-type"] == "application/x-bittorrent" })
        #expect(server.requests.allSatisfy { $0["content-length"] == "\(count)" && $0["expect"] == nil })
    }

    @Test func `sends no type for a body without one, and a length of 0 for a POST without a body`() async throws {
        let server = try ScriptedServer { $1.respond() }
        _ = try await client.send(.init(method: "POST", url: server.url(), body: Data("a".utf8)))
        _ = try await client.send(.init(method: "POST", url: server.url()))
        #expect(server.requests[0]["content-type"] == nil)
        #expect(server.requests[1]["content-length"] == "0")
    }

    @Test func `sends the caller's fields as they are and its own where the caller has none`() async throws {
        let server = try ScriptedServer { $1.respond() }
        let client = HTTPClient(configuration: .init(userAgent: "Agent/1"))
        var request = HTTPClientRequest(url: server.url())
        request.headers = [("X-Empty", ""), ("X-Name", "va: lue"), ("Content-Length", "77")]
        _ = try await client.send(request)
        request.headers = [("User-Agent", "Other/2"), ("Accept-Encoding", "identity")]
        _ = try await client.send(request)
        #expect(server.requests[0]["x-empty"] == "")
        #expect(server.requests[0]["x-name"] == "va: lue")
        #expect(server.requests[0]["content-length"] == nil)
        #expect(server.requests[0]["user-agent"] == "Agent/1")
        #expect(server.requests[0]["accept-encoding"] == "gzip, deflate")
        #expect(server.requests[1]["user-agent"] == "Other/2")
        #expect(server.requests[1]["accept-encoding"] == "identity")
    }

    @Test(arguments: ["HEAD", "DELETE", "OPTIONS", "PROPFIND"])
    func `sends other methods without a body`(method: String) async throws {
        let server = try ScriptedServer {
            $1.send("HTTP/1.1 200 OK\r\nContent-Length: \($0.method == "HEAD" ? "999999999" : "0")\r\n\r\n")
        }
        let response = try await client.send(.init(method: method, url: server.url()))
        #expect(response.body.isEmpty)
        #expect(server.requests.map(\.method) == [method])
    }

    @Test func `takes a user name and password from the address and from the request`() async throws {
        let server = try ScriptedServer { $1.respond() }
        let response = try await client.send(.init(url: "http://us%40er:pass%3Aword@127.0.0.1:\(server.port)/x#part"))
        var request = HTTPClientRequest(url: server.url())
        request.basicAuth = .init(user: "ada", password: "s p")
        _ = try await client.send(request)
        #expect(response.url == server.url("/x"))
        #expect(server.requests.map { $0["authorization"] } == ["Basic dXNAZXI6cGFzczp3b3Jk", "Basic YWRhOnMgcA=="])
    }

    @Test func `reuses one connection for requests after one another`() async throws {
        let server = try ScriptedServer { $1.respond(body: Array("pong".utf8)) }
        for _ in 0..<20 { _ = try await client.send(.init(url: server.url())) }
        #expect(server.requests.count == 20)
        #expect(server.acceptedConnections == 1)
    }

    @Test func `answers 200 requests at once over the connections that are allowed`() async throws {
        let server = try ScriptedServer { $1.respond(body: Array($0.target.utf8)) }
        let (client, url) = (HTTPClient(configuration: .init(maxConnectionsPerHost: 4)), server.url())
        let bodies = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<200 {
                group.addTask {
                    String(decoding: try await client.send(.init(url: "\(url)\(number)")).body, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(bodies == Set((0..<200).map { "/\($0)" }))
        #expect(server.mostOpenConnections <= 4)
    }

    @Test func `reads a chunked body and leaves its trailers out`() async throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Trailer: 1\r\n\r\n"
        )
        let response = try await client.send(.init(url: server.url()))
        #expect(String(decoding: response.body, as: UTF8.self) == "hello world")
        #expect(response.header("X-Trailer") == nil)
    }

    @Test func `decompresses a body`() async throws {
        let server = try ScriptedServer { $1.respond("200 OK", ["Content-Encoding: gzip"], body: Samples.gzip) }
        let response = try await client.send(.init(url: server.url()))
        #expect(String(decoding: response.body, as: UTF8.self) == String(repeating: "kinodock", count: 1000))
    }

    @Test func `forgets the fields of interim responses`() async throws {
        let server = try ScriptedServer(
            answer: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        )
        let response = try await client.send(.init(url: server.url()))
        #expect(response.status == 200)
        #expect(response.headers.map(\.name) == ["Content-Length"])
    }

    @Test func `reads a body that ends with the connection`() async throws {
        let server = try ScriptedServer { _, connection in
            connection.send("HTTP/1.0 200 OK\r\n\r\nuntil the end")
            return false
        }
        let response = try await client.send(.init(url: server.url()))
        #expect(String(decoding: response.body, as: UTF8.self) == "until the end")
    }
}
