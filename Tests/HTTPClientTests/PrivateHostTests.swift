import Testing

@testable import HTTPClient

@Suite(.timeLimit(.minutes(1)))
struct PrivateHostTests {
    @Test(
        "tells private addresses from those of the internet",
        arguments: [
            ("127.0.0.1", true), ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false), ("192.168.1.1", true),
            ("169.254.169.254", true), ("100.64.0.1", true), ("0.0.0.0", true), ("224.0.0.1", true), ("8.8.8.8", false),
            ("193.0.0.1", false), ("::1", true), ("::", true), ("fe80::1", true), ("fd00::1", true), ("ff02::1", true),
            ("::ffff:10.0.0.1", true), ("::ffff:8.8.8.8", false), ("64:ff9b::7f00:1", true), ("2002:7f00:1::", true),
            ("2001:db8::1", true), ("2001::7f00:1", true), ("2606:4700::1", false),
        ]
    )
    func addresses(text: String, isPrivate: Bool) {
        #expect(NetworkAddress(text)?.isPrivate == isPrivate)
    }

    @Test("an address in a private network is not asked, also over a connection that is open already")
    func refused() async throws {
        let server = try ScriptedServer { $1.respond() }
        let client = HTTPClient()
        var guarded = HTTPClientRequest(url: server.url())
        guarded.privateHosts = []
        let first = await #expect(throws: HTTPClientError.self) { _ = try await client.send(guarded) }
        #expect(first?.message.contains("private network") == true)
        #expect(server.acceptedConnections == 0)
        _ = try await client.send(HTTPClientRequest(url: server.url()))
        let second = await #expect(throws: HTTPClientError.self) { _ = try await client.send(guarded) }
        #expect(second?.message.contains("private network") == true)
        #expect(server.requests.count == 1)
        guarded.privateHosts = ["127.0.0.1"]
        #expect(try await client.send(guarded).status == 200)
    }
}
