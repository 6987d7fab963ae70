import FoundationEssentials
import PluginAPI
import Testing

@testable import Deluge

struct WebTests {
    @Test("logs in once and keeps the cookie")
    func cookie() async throws {
        let rig = try Rig()
        try rig.always("label.get_labels")
        for _ in 0..<3 { _ = try await rig.client.options(for: "categories") }
        #expect(rig.calls("auth.login") == [["rig-password"]])
        let cookies = rig.host.requests.map { $0.header("Cookie") }
        #expect(cookies.first == .some(nil))
        #expect(cookies.dropFirst().filter { $0?.hasPrefix("_session_id=") == true }.count == 3)
    }

    @Test("logs in again when the session has run out, and repeats the call")
    func expiry() async throws {
        let rig = try Rig()
        try rig.always("label.get_labels")
        _ = try await rig.client.options(for: "categories")
        let out = Data(#"{"id":1,"result":null,"error":{"message":"Not authenticated","code":1}}"#.utf8)
        rig.host.expect(.init("POST", Rig.path) { _ in ServiceResponse(status: 200, body: out) })
        #expect(try await rig.client.options(for: "categories").map(\.value) == ["kinodock"])
        #expect(rig.calls("auth.login").count == 2)
    }

    @Test("a session that ends at once leads to three tries, not to a loop", .timeLimit(.minutes(1)))
    func endless() async throws {
        let rig = try Rig()
        rig.answer("label.get_labels", error: #"{"message":"Not authenticated","code":1}"#)
        await #expect(throws: PluginError.self) { try await rig.client.options(for: "categories") }
        #expect(rig.calls("label.get_labels").count == 3)
    }

    @Test("a refused password is tried once a minute")
    func refusal() async throws {
        let rig = try Rig(isOpen: false)
        try rig.always("wrong password")
        for _ in 0..<20 {
            let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
            #expect(error?.code.value == .unauthorized && error?.field == "password")
        }
        #expect(rig.calls("auth.login").count == 1)
        rig.host.advance(bySeconds: 61)
        _ = try? await rig.client.changes(since: nil)
        #expect(rig.calls("auth.login").count == 2)
        #expect(rig.host.leaks(of: Rig.secrets).isEmpty && rig.host.leaksInAddresses(of: Rig.secrets).isEmpty)
    }

    @Test("connects with the daemon when it is not, and repeats the call")
    func reconnects() async throws {
        let rig = try Rig()
        try rig.once("login")
        let unknown = Data(#"{"id":1,"result":null,"error":{"message":"Unknown method","code":2}}"#.utf8)
        rig.host.expect(.init("POST", Rig.path) { _ in ServiceResponse(status: 200, body: unknown) })
        try rig.once("no daemon: web.connected")
        try rig.once("no daemon: web.connected")
        try rig.always("web.connected")
        try rig.always("web.get_hosts")
        rig.answer("web.get_host_status", #"["id","Online","2.0.3"]"#)
        rig.answer("web.connect", "[]")
        try rig.always("status while downloading")
        #expect(try await rig.client.item(Rig.film)?.id == Rig.film)
        #expect(rig.calls("web.connect").count == 1)
        #expect(rig.host.unused.isEmpty)
    }

    @Test("a daemon that does not run is said")
    func noDaemon() async throws {
        let rig = try Rig()
        for name in [
            "no daemon: update_ui", "no daemon: web.connected", "no daemon: web.get_host_status", "web.get_hosts",
        ] {
            try rig.always(name)
        }
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.code.value == .unreachable && error?.message.contains("deluged") == true)
        #expect(rig.calls("web.connect").isEmpty)
    }

    @Test(
        "answers that are none",
        arguments: [(200, "<html>router</html>"), (200, #"{"result":tr"#), (200, ""), (404, ""), (500, ""), (302, "")]
    )
    func nonsense(status: Int, body: String) async throws {
        let rig = try Rig(isOpen: false)
        rig.host.always(.init("POST", Rig.path, status: status, text: body))
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect((error?.message.split(separator: " ").count ?? 0) > 5)
        if let error { #expect(!RecordedHost.leaks(error, of: Rig.secrets)) }
    }

    @Test("of a traceback the reason is told")
    func traceback() async throws {
        let rig = try Rig()
        rig.answer("core.get_torrent_status", #"{"hash":"\#(Rig.film)","state":"Paused"}"#)
        try rig.always("core.pause_torrent of an unknown one")
        let error = await #expect(throws: PluginError.self) { try await rig.client.pause(Rig.film) }
        #expect(error?.code.value == .remoteFailure && error?.message.contains("Traceback") == false)
    }
}
