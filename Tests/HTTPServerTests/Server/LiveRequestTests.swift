import FoundationEssentials
import Synchronization
import Testing

@testable import HTTPServer

@Suite("A live server", .timeLimit(.minutes(1)))
struct LiveRequestTests {
    private func server(_ change: (inout HTTPServer.Configuration) -> Void = { _ in }) throws -> HTTPServer {
        try TestServer.start(change) { router in
            router.get("/async") { request in
                await Task.yield()
                return .text("later \(request.query.first("n") ?? "-")")
            }
            router.get("/items/:id") { .text($0.parameters["id"]) }
            router.post("/echo") { .data($0.body, contentType: "application/octet-stream") }
            router.post("/echo-later") { request in
                await Task.yield()
                return .data(request.body, contentType: "application/octet-stream")
            }
            router.put("/small", maxBody: 10) { _ in .text("ok") }
            router.get("/boom") { _ in throw CancellationError() }
            router.get("/tagged") { _ in
                HTTPResponse(
                    headers: ["ETag": "\"v1\"", "Content-Type": "text/plain"],
                    body: .bytes(Array("body".utf8))
                )
            }
            let prepared = PreparedResponse(headers: ["Content-Type": "text/plain"], bytes: Array("fixed".utf8))
            router.get("/prepared") { _ in .prepared(prepared) }
            router.get("/header") { .text($0.headers["X-Thing"] ?? "none") }
            router.get("/id") { .text($0.id) }
        }
    }

    @Test("answers many requests on one connection")
    func keepsAlive() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            for _ in 0..<3 {
                let response = try client.get("/ping")
                #expect(response.status == 200)
                #expect(response.text == "pong")
                #expect(response["date"] != nil)
            }
        }
    }

    @Test("answers pipelined requests in order, set-aside ones among them")
    func pipelines() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let targets = ["/async?n=1", "/ping", "/items/7", "/async?n=2", "/prepared"]
            client.send(targets.map { "GET \($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined())
            let answers = try targets.map { _ in try client.response().text }
            #expect(answers == ["later 1", "pong", "7", "later 2", "fixed"])
        }
    }

    @Test("answers HEAD with the fields of GET and no body", arguments: ["/ping", "/async", "/prepared"])
    func head(target: String) async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let get = try client.get(target)
            let head = try client.get(target, method: "HEAD")
            #expect(head.status == 200)
            #expect(head["content-length"] == get["content-length"])
            #expect(head["content-type"] == get["content-type"])
            #expect(try client.get("/ping").text == "pong")
        }
    }

    @Test("tells which methods an address takes")
    func methods() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let options = try client.get("/echo", method: "OPTIONS")
            #expect(options.status == 204)
            #expect(options["allow"] == "POST, OPTIONS")
            let wrong = try client.get("/ping", method: "DELETE")
            #expect(wrong.status == 405)
            #expect(wrong["allow"] == "GET, HEAD, OPTIONS")
            #expect(try client.get("/ping", method: "BREW").status == 405)
            #expect(try client.get("/nowhere").status == 404)
            #expect(try client.get("*", method: "OPTIONS").status == 204)
        }
    }

    @Test("decodes paths segment by segment")
    func paths() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            #expect(try client.get("/items/a%2Fb%20c").text == "a/b c")
            #expect(try client.get("/p%69ng/").text == "pong")
            #expect(try client.get("http://other/ping").text == "pong")
            #expect(try client.get("/items/%zz").status == 400)
            #expect(try client.get("/items/%00").status == 400)
            #expect(try client.get("/items/%ff").status == 400)
        }
    }

    @Test("gives a handler's surprise as a 500 without its text")
    func surprise() async throws {
        try await blocking {
            let server = try server()
            let response = try TestClient(port: server.port).get("/boom")
            #expect(response.status == 500)
            #expect(!response.text.contains("Cancellation"))
        }
    }

    @Test("returns bodies byte for byte", arguments: ["/echo", "/echo-later"], [0, 1, 70_000, 1 << 20])
    func bodies(target: String, count: Int) async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            client.send("POST \(target) HTTP/1.1\r\nHost: h\r\nContent-Length: \(count)\r\n\r\n")
            client.send(body)
            #expect(try client.response().body == body)
            #expect(try client.get("/ping").status == 200)
        }
    }

    @Test("reads chunks and answers Expect: 100-continue")
    func chunksAndExpect() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.response().status == 100)
            client.send("3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n")
            #expect(try client.response().text == "abcdefg")
            #expect(try client.get("/ping").status == 200)
        }
    }

    @Test("refuses a body that is announced too large at once")
    func announcedTooLarge() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            client.send("PUT /small HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.response().status == 413)
            let other = try TestClient(port: server.port)
            other.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n")
            #expect(try other.response().status == 413)
        }
    }

    @Test("refuses a chunked body that grows too large")
    func grownTooLarge() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            client.send("PUT /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            client.send("8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n")
            #expect(try client.response().status == 413)
            #expect(try client.get("/ping").status == 200)
        }
    }

    @Test("answers a query of thousands of parameters")
    func manyParameters() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let query = "n=5" + String(repeating: "&a=1", count: 3000)
            for _ in 0..<2 { #expect(try client.get("/async?\(query)").text == "later 5") }
        }
    }

    @Test("refuses header fields over the limit", arguments: [17_000, 30_000, 200_000])
    func headersTooLarge(count: Int) async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            client.send("GET /ping HTTP/1.1\r\nHost: h\r\nX-Big: " + String(repeating: "x", count: count) + "\r\n\r\n")
            #expect(try client.response().status == 431)
        }
    }

    @Test("takes header fields up to the limit")
    func headersJustFit() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let response = try client.get("/ping", ["X-Big: " + String(repeating: "x", count: 16_000)])
            #expect(response.status == 200)
        }
    }

    @Test(
        "refuses malformed requests",
        arguments: [
            "GET /ping HTTP/1.1\r\n\r\n",
            "GET /pi ng HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /ping\u{0} HTTP/1.1\r\nHost: h\r\n\r\n",
            "GET /ping HTTX/1.1\r\nHost: h\r\n\r\n",
            "GET /ping HTTP/1.1\r\nHost h\r\n\r\n",
            "GET /ping HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
            "GET /ping HTTP/1.1\r\nHost: h\r\nX : y\r\n\r\n",
            "GET /ping HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length : 3\r\n\r\nabc",
            "GET ping HTTP/1.1\r\nHost: h\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ]
    )
    func malformed(request: String) async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            client.send(request)
            #expect(try client.response().status == 400)
        }
    }

    @Test("answers 304 for a current copy of a tagged response")
    func tagged() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let response = try client.get("/tagged", ["If-None-Match: \"v0\", W/\"v1\""])
            #expect(response.status == 304)
            #expect(response["etag"] == "\"v1\"")
            #expect(response["content-length"] ?? "4" == "4")
            let failed = try client.get("/tagged", ["If-Match: \"v0\""])
            #expect(failed.status == 412)
            #expect(failed.text.hasPrefix("PRECONDITION_FAILED"))
            #expect(try client.get("/tagged", ["If-None-Match: \"v0\""]).text == "body")
        }
    }

    @Test("finds header fields without regard to case and white space")
    func headerFields() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            #expect(try client.get("/header", ["x-THING:  value \t"]).text == "value")
            #expect(try client.get("/header").text == "none")
        }
    }

    @Test("takes a correlation id only when it is a UUID")
    func correlation() async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            let id = "0F2A3C1E-8A55-4E9B-9B38-5D2B6C1A7E11"
            #expect(try client.get("/id", ["X-Correlation-Id: \(id)"]).text == id)
            let other = try client.get("/id", ["X-Correlation-Id: hello"]).text
            #expect(UUID(uuidString: other) != nil)
        }
    }

    @Test("answers a client that has closed its sending side", arguments: ["/ping", "/async"])
    func halfClosed(target: String) async throws {
        try await blocking {
            let server = try server()
            let client = try TestClient(port: server.port)
            client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
            client.finishSending()
            #expect(try client.response().status == 200)
            #expect(client.isHungUp)
        }
    }

    @Test("turns connections over the limit away")
    func tooMany() async throws {
        try await blocking {
            let server = try server {
                $0.maxConnections = 2; $0.threads = 1
            }
            let first = try TestClient(port: server.port), second = try TestClient(port: server.port)
            #expect(try first.get("/ping").status == 200)
            #expect(try second.get("/ping").status == 200)
            #expect(try TestClient(port: server.port).isHungUp)
            #expect(try first.get("/ping").status == 200)
        }
    }

    @Test("hangs up on a client that never finishes its request")
    func slowLoris() async throws {
        try await blocking {
            let server = try server {
                $0.idleTimeout = 1; $0.threads = 1
            }
            let slow = try TestClient(port: server.port)
            slow.send("GET /ping HTTP/1.1\r\nHo")
            #expect(try TestClient(port: server.port).get("/ping").status == 200)
            #expect(slow.isHungUp)
        }
    }

    @Test("logs requests without their query")
    func accessLog() async throws {
        let records = Mutex<[AccessRecord]>([])
        let server = try TestServer.start(
            accessLog: { record in records.withLock { $0.append(record) } },
            routes: { router in
                router.get("/async") { _ in
                    await Task.yield()
                    return .text("later")
                }
                router.get("/busy") { _ in
                    let end = ContinuousClock.now + .milliseconds(5)
                    while ContinuousClock.now < end {}
                    return .text("done")
                }
            }
        )
        try await blocking {
            let client = try TestClient(port: server.port)
            _ = try client.get("/ping?apikey=secret")
            _ = try client.get("/async?apikey=secret")
            _ = try client.get("/ping?\u{301}apikey=secret")
            _ = try client.get("/busy")
        }
        #expect(await eventually { records.withLock(\.count) == 4 })
        let seen = records.withLock { $0 }
        #expect(seen.map(\.path) == ["/ping", "/async", "/ping", "/busy"])
        #expect(seen.map(\.bytes) == [4, 5, 4, 4])
        #expect(seen[3].duration >= .milliseconds(5))
        #expect(seen.allSatisfy { $0.status == .ok && $0.remoteAddress == "127.0.0.1" })
    }
}
