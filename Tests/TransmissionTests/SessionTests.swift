import FoundationEssentials
import PluginAPI
import Testing

@testable import Transmission

struct SessionTests {
    @Test("takes the session id of a 409 and repeats the call with it")
    func renewal() async throws {
        let rig = try Rig()
        try rig.host.expect("no session id: 409", of: rig.recording)
        try rig.always("labels")
        #expect(try await rig.client.options(for: "categories").map(\.value) == ["kinodock"])
        let recorded = try rig.recording.exchange("no session id: 409").response.headers
        let given = try #require(recorded?["X-Transmission-Session-Id"])
        #expect(rig.host.requests.map { $0.header("X-Transmission-Session-Id") } == [nil, given])
        #expect(rig.host.requests.allSatisfy { $0.header("Authorization")?.hasPrefix("Basic ") == true })
    }

    @Test("a server that asks for a new session id for ever gets three calls", .timeLimit(.minutes(1)))
    func endlessRenewal() async throws {
        let rig = try Rig()
        try rig.host.always("no session id: 409", of: rig.recording)
        let error = await #expect(throws: PluginError.self) { try await rig.client.options(for: "categories") }
        #expect(error?.code.value == .badResponse)
        #expect(rig.host.requests.count == 3)
    }

    @Test("a refused login is tried once in 50 polls, and again after an hour")
    func isNotHammered() async throws {
        let rig = try Rig()
        try rig.host.always("wrong password: 401", of: rig.recording)
        for _ in 0..<50 {
            let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
            #expect(error?.code.value == .unauthorized && error?.field == "password")
        }
        #expect(rig.host.requests.count == 1)
        rig.host.advance(bySeconds: 3601)
        _ = try? await rig.client.changes(since: nil)
        #expect(rig.host.requests.count == 2)
        #expect(rig.host.leaks(of: Rig.secrets).isEmpty && rig.host.leaksInAddresses(of: Rig.secrets).isEmpty)
    }

    @Test("without credentials a 401 asks for them")
    func noCredentials() async throws {
        let rig = try Rig { ($0.username, $0.password) = ("", "") }
        try rig.host.always("no login: 401", of: rig.recording)
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.field == "username")
        #expect(rig.host.requests.first?.header("Authorization") == nil)
    }

    @Test(
        "statuses have words",
        arguments: [
            (421, "", PluginError.Code.forbidden, "rpc-host-whitelist"), (403, "", .forbidden, "rpc-whitelist"),
            (403, "Too many unsuccessful login attempts", .forbidden, "restart"), (404, "", .notFound, "URL base"),
            (301, "", .badResponse, "redirect"), (502, "", .unreachable, "proxy"), (500, "", .remoteFailure, "500"),
            (405, "", .badResponse, "another program"), (200, "<html>router</html>", .badResponse, "another program"),
            (200, #"{"result":"succ"#, .badResponse, "another program"),
            (200, #"{"result":"out of ideas","arguments":{}}"#, .remoteFailure, "out of ideas"),
        ]
    )
    func words(status: Int, body: String, code: PluginError.Code, word: String) async throws {
        let rig = try Rig()
        rig.host.always(.init("POST", Rig.path, status: status, text: body))
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.code.value == code)
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
        if let error { #expect(!RecordedHost.leaks(error, of: Rig.secrets)) }
    }

    @Test("calls stay small although a path is set, and go where the settings say")
    func address() async throws {
        let rig = try Rig { ($0.tls, $0.host, $0.port, $0.urlBase) = (true, "nas", 443, "/t/") }
        rig.host.always(.init("POST", "/t/rpc", text: #"{"result":"success","arguments":{"torrents":[]}}"#))
        _ = try await rig.client.changes(since: nil)
        #expect(rig.host.requests.map(\.url) == ["https://nas:443/t/rpc"])
    }
}
