import FoundationEssentials
import Synchronization
import Testing

@testable import HTTPServer

@Suite("Set-aside requests and stopping", .timeLimit(.minutes(1)))
struct LiveStopTests {
    @Test("answers 200 requests that wait at the same time")
    func manyWaiting() async throws {
        let gate = Gate()
        let server = try TestServer.start { router in
            router.get("/wait/:n") { request in
                await gate.pass()
                return .text(request.parameters["n"])
            }
        }
        async let answers = blocking {
            let clients = try (0..<200).map { number in
                let client = try TestClient(port: server.port)
                client.send("GET /wait/\(number)?q=\(number) HTTP/1.1\r\nHost: h\r\n\r\n")
                return client
            }
            #expect(try TestClient(port: server.port).get("/ping").text == "pong")
            return try clients.map { try $0.response().text }
        }
        #expect(await eventually { gate.arrivals == 200 })
        gate.open()
        #expect(try await answers == (0..<200).map { "\($0)" })
    }

    @Test("survives clients that leave while their handler runs", arguments: [true, false])
    func clientLeaves(hard: Bool) async throws {
        let gate = Gate()
        let done = Atomic(0)
        let server = try TestServer.start { router in
            router.get("/wait") { _ in
                await gate.pass()
                done.add(1, ordering: .relaxed)
                return .text(String(repeating: "x", count: 100_000))
            }
        }
        var clients: TestClients? = try await blocking {
            try TestClients(50, port: server.port) { client in
                client.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
                if hard { client.abort() }
            }
        }
        #expect(clients?.all.count == 50)
        #expect(await eventually { gate.arrivals == 50 })
        clients = nil
        gate.open()
        #expect(await eventually { done.load(ordering: .relaxed) == 50 })
        let answer = try await blocking { try TestClient(port: server.port).get("/ping").text }
        #expect(answer == "pong")
    }

    @Test("finishes running requests before it stops")
    func graceful() async throws {
        let gate = Gate()
        let server = try TestServer.start { router in
            router.get("/wait") { _ in
                await gate.pass()
                return .text("done")
            }
        }
        async let answer = blocking { try TestClient(port: server.port).get("/wait").text }
        #expect(await eventually { gate.arrivals == 1 })
        async let stopped: Void = server.stop(within: .seconds(20))
        let port = server.port
        gate.open()
        #expect(try await answer == "done")
        await stopped
        await #expect(throws: TestClient.Failure.self) { try await blocking { _ = try TestClient(port: port) } }
    }

    @Test("cancels handlers that outlast the limit and tells their clients")
    func forced() async throws {
        let cancelled = Atomic(0)
        let gate = Gate()
        let server = try TestServer.start { router in
            router.get("/stuck") { _ in
                await withTaskCancellationHandler {
                    await gate.pass()
                } onCancel: {
                    cancelled.add(1, ordering: .relaxed)
                }
                return .text("late")
            }
        }
        async let statuses = blocking {
            let clients = try (0..<20).map { _ in
                let client = try TestClient(port: server.port)
                client.send("GET /stuck HTTP/1.1\r\nHost: h\r\n\r\n")
                return client
            }
            return try clients.map { try $0.response().status }
        }
        #expect(await eventually { gate.arrivals == 20 })
        await server.stop(within: .milliseconds(50))
        #expect(try await statuses == [Int](repeating: 503, count: 20))
        #expect(cancelled.load(ordering: .relaxed) == 20)
        // The handlers return into a server that is gone.
        gate.open()
        await server.stop(within: .seconds(1))
    }

    @Test("stops while clients keep asking", arguments: 1...5)
    func stopUnderLoad(round: Int) async throws {
        let server = try TestServer.start { router in
            router.get("/async") { _ in
                await Task.yield()
                return .text("ok")
            }
        }
        let port = server.port
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await blocking {
                        guard let client = try? TestClient(port: port) else { return }
                        for _ in 0..<100_000 where (try? client.get("/async")) == nil { return }
                    }
                }
            }
            await server.stop(within: .milliseconds(100))
            try await group.waitForAll()
        }
    }

    @Test("sends a stream as it is made, of known and unknown length")
    func streams() async throws {
        let server = try TestServer.start { router in
            for (path, length) in [("/known", UInt64(60_000)), ("/unknown", nil), ("/short", 70_000)] {
                router.get(path) { _ in
                    let left = Mutex(6)
                    return HTTPResponse(
                        body: .stream(
                            StreamBody(length: length) {
                                await Task.yield()
                                return left.withLock { left in
                                    left -= 1
                                    return left >= 0 ? [UInt8](repeating: UInt8(left), count: 10_000) : nil
                                }
                            }
                        )
                    )
                }
            }
        }
        try await blocking {
            let expected = (0..<6).reversed().flatMap { [UInt8](repeating: UInt8($0), count: 10_000) }
            let client = try TestClient(port: server.port)
            #expect(try client.get("/known").body == expected)
            #expect(try client.get("/unknown").body == expected)
            #expect(try client.get("/known", method: "HEAD")["content-length"] == "60000")
            #expect(throws: TestClient.Failure.self) { try client.get("/short") }
        }
    }

    @Test("answers ping after random and mutated requests")
    func fuzz() async throws {
        let server = try TestServer.start { router in
            router.post("/json") { request in
                _ = try request.decodeJSON([String: Int].self)
                return .text("ok")
            }
            router.post("/form") { .text("\(try $0.decodeMultipart().parts.count)") }
            router.get("/wait/:n") { request in
                await Task.yield()
                return .text(request.parameters["n"] + (request.query.first("a") ?? ""))
            }
        }
        try await blocking {
            var random = SeededRandom(seed: 20)
            let seeds = [
                "GET /wait/a%20b?a=1&b=%zz+ HTTP/1.1\r\nHost: h\r\nRange: bytes=0-\r\n\r\n",
                "POST /json HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\": 1}\n",
                "POST /form HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2d\r\n--x\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n5\r\n\r\n--x\r\n2\r\n--\r\n0\r\n\r\n",
            ].map { Array($0.utf8) }
            for round in 0..<400 {
                var bytes = seeds[round % seeds.count]
                if round % 10 == 9 { bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) } }
                for _ in 0..<Int.random(in: 0...8, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                    case 1: bytes.insert(contentsOf: "\r\n".utf8, at: place)
                    case 2: bytes.removeSubrange(place..<min(bytes.count - 1, place + 3))
                    default: bytes += bytes[place...]
                    }
                }
                let client = try TestClient(port: server.port)
                client.send(bytes)
                client.finishSending()
                let answer = String(decoding: client.rest(), as: UTF8.self)
                #expect(!answer.hasPrefix("HTTP/1.1 500"), "\(String(decoding: bytes, as: UTF8.self))")
            }
            #expect(try TestClient(port: server.port).get("/ping").text == "pong")
        }
    }
}

/// Numbers that are the same in every run (SplitMix64).
private struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
