import FoundationEssentials
import Testing

@testable import HTTPServer

@Suite("Event streams on a live server", .timeLimit(.minutes(1)))
struct LiveEventTests {
    private func server(_ events: EventBroadcaster) throws -> HTTPServer {
        try TestServer.start { router in
            router.get("/events") { events.response(to: $0) }
        }
    }

    private func listen(_ server: HTTPServer, after id: UInt64? = nil) throws -> TestClient {
        let client = try TestClient(port: server.port)
        let last = id.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        client.send("GET /events HTTP/1.1\r\nHost: h\r\n\(last)\r\n")
        let head = try client.read(until: "\r\n\r\n")
        #expect(head.contains("text/event-stream"))
        #expect(try client.readChunked(until: "\n\n").contains("retry:"))
        return client
    }

    @Test("sends every event to every subscriber with its id")
    func sends() async throws {
        let events = EventBroadcaster(firstID: 41)
        try await blocking {
            let server = try server(events)
            let clients = try (0..<20).map { _ in try listen(server) }
            for number in 0..<100 { events.publish(event: "tick", data: Array("{\"n\":\(number)}".utf8)) }
            for client in clients {
                for number in 0..<100 {
                    let text = try client.readChunked(until: "}\n\n")
                    #expect(text.contains("id: \(41 + number)\nevent: tick\ndata: {\"n\":\(number)}\n\n"))
                }
            }
            #expect(events.lastID == 140)
            #expect(events.subscriberCount == 20)
        }
    }

    @Test("replays what a client missed")
    func replays() async throws {
        let events = EventBroadcaster(firstID: 1)
        try await blocking {
            let server = try server(events)
            for number in 1...5 { events.publish(event: "e", data: Array("\(number)".utf8)) }
            let client = try listen(server, after: 3)
            #expect(try client.readChunked(until: "data: 5\n\n").contains("id: 4\nevent: e\ndata: 4\n\nid: 5"))
            events.publish(event: "e", data: Array("6".utf8))
            #expect(try client.readChunked(until: "data: 6\n\n").contains("id: 6"))
        }
    }

    @Test("tells a client that its place is gone", arguments: [UInt64(2), 900])
    func resyncs(last: UInt64) async throws {
        let events = EventBroadcaster(firstID: 1, capacity: 3)
        try await blocking {
            let server = try server(events)
            for number in 1...9 { events.publish(event: "e", data: Array("\(number)".utf8)) }
            let client = try listen(server, after: last)
            #expect(try client.readChunked(until: "\n\n").contains("id: 9\nevent: resync\n"))
        }
    }

    @Test("does not call a client back that has missed nothing")
    func upToDate() async throws {
        let events = EventBroadcaster(firstID: 8)
        try await blocking {
            let server = try server(events)
            let client = try listen(server, after: 7)
            events.publish(event: "e", data: Array("x".utf8))
            #expect(try client.readChunked(until: "data: x\n\n").hasSuffix("id: 8\nevent: e\ndata: x\n\n"))
        }
    }

    @Test("keeps an idle stream alive with comments")
    func beats() async throws {
        let events = EventBroadcaster(firstID: 1, heartbeat: .milliseconds(20))
        try await blocking {
            let server = try server(events)
            let client = try listen(server)
            #expect(try client.readChunked(until: ":\n\n").hasSuffix(":\n\n"))
            #expect(try client.readChunked(until: ":\n\n").hasSuffix(":\n\n"))
        }
    }

    @Test("drops a client that does not read, and no other")
    func dropsSlow() async throws {
        let events = EventBroadcaster(firstID: 1, backlogLimit: 64 << 10, heartbeat: .milliseconds(20))
        try await blocking {
            let server = try server(events)
            let slow = try TestClient(port: server.port, receiveBuffer: 4_096)
            slow.send("GET /events HTTP/1.1\r\nHost: h\r\n\r\n")
            let quick = try listen(server)
            let data = [UInt8](repeating: 0x61, count: 10_000)
            // The kernel's buffers hold a few MiB at most; 32 MiB are more than any of them.
            for number in 1...3_200 {
                events.publish(event: "e", data: data)
                _ = try quick.readChunked(until: "id: \(number)\n")
                _ = try quick.readChunked(until: "\n\n")
                if events.subscriberCount == 1 { break }
            }
            #expect(events.subscriberCount == 1)
        }
    }

    @Test("forgets a client that has gone")
    func forgets() async throws {
        let events = EventBroadcaster(firstID: 1, heartbeat: .milliseconds(20))
        let server = try server(events)
        try await blocking {
            let client = try listen(server)
            #expect(events.subscriberCount == 1)
            client.finishSending()
        }
        #expect(await eventually { events.subscriberCount == 0 })
    }

    @Test("ends the streams of owners that may not listen any more, at once and no others")
    func owners() async throws {
        let events = EventBroadcaster(firstID: 1)
        let server = try TestServer.start { router in
            for owner in ["one", "two"] {
                router.get("/" + owner) { _ in events.response(lastEventID: nil, owner: owner) }
            }
            router.get("/events") { _ in events.response(lastEventID: nil) }
        }
        try await blocking {
            let clients = try ["/one", "/two", "/events"].map { path in
                let client = try TestClient(port: server.port)
                client.send("GET \(path) HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                _ = try client.read(until: "\r\n\r\n")
                #expect(try client.readChunked(until: "\n\n").contains("retry:"))
                return client
            }
            events.endStreams { $0 != "one" }
            #expect(String(decoding: clients[0].rest(), as: UTF8.self).hasSuffix("0\r\n\r\n"))
            events.publish(event: "e", data: Array("x".utf8))
            for client in clients[1...] { #expect(try client.readChunked(until: "\n\n").contains("data: x")) }
        }
        #expect(await eventually { events.subscriberCount == 2 })
    }

    @Test("ends streams when the server stops")
    func stops() async throws {
        let events = EventBroadcaster(firstID: 1)
        let server = try server(events)
        let clients = try await blocking { TestClients(try (0..<10).map { _ in try listen(server) }) }
        let start = ContinuousClock.now
        await server.stop(within: .seconds(10))
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(events.subscriberCount == 0)
        try await blocking {
            for client in clients.all { #expect(String(decoding: client.rest(), as: UTF8.self).hasSuffix("0\r\n\r\n")) }
        }
    }
}
