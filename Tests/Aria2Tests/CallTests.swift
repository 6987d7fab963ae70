import FoundationEssentials
import PluginAPI
import Testing

@testable import Aria2

struct CallTests {
    @Test("every call carries the secret, in its body alone")
    func secret() async throws {
        let rig = try Rig()
        try rig.always("lists, empty")
        try rig.always("getVersion")
        try rig.always("getGlobalOption")
        _ = try await rig.client.changes(since: nil)
        _ = try await rig.client.test()
        let bodies = rig.host.requests.map { String(decoding: $0.body ?? Data(), as: UTF8.self) }
        #expect(bodies.map { $0.ranges(of: "token:rig-secret").count } == [3, 1, 1])
        #expect(rig.host.leaks(of: Rig.secrets).isEmpty && rig.host.leaksInAddresses(of: Rig.secrets).isEmpty)
    }

    @Test(
        "a wrong secret is said, alone and among several calls",
        arguments: ["wrong secret", "several calls with a wrong secret"]
    )
    func wrongSecret(name: String) async throws {
        let rig = try Rig()
        let response = try rig.recording.exchange(name).response.serviceResponse()
        rig.host.always(.init("POST", Rig.path) { _ in response })
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.code.value == .unauthorized && error?.field == "secret")
        let failed = try await failedChecks()
        #expect(failed == ["login"])
    }

    private func failedChecks() async throws -> [String] {
        let rig = try Rig()
        try rig.always("wrong secret")
        return try await rig.client.test().checks.filter { !$0.ok }.map(\.name)
    }

    @Test(
        "answers that are none",
        arguments: [
            (200, "<html>router</html>"), (200, #"{"result":[[["#), (200, ""), (404, ""), (500, ""), (302, ""),
            (200, #"{"result":[]}"#),
        ]
    )
    func nonsense(status: Int, body: String) async throws {
        let rig = try Rig()
        rig.host.always(.init("POST", Rig.path, status: status, text: body))
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect((error?.message.split(separator: " ").count ?? 0) > 5)
        if let error { #expect(!RecordedHost.leaks(error, of: Rig.secrets)) }
    }

    @Test("a good connection, and what will surprise")
    func connection() async throws {
        let rig = try Rig()
        try rig.always("getVersion")
        try rig.always("getGlobalOption")
        let report = try await rig.client.test()
        #expect(report.version == "1.36.0" && report.savePath == "/data/downloads" && report.warnings.isEmpty)
        #expect(report.checks.filter { !$0.ok }.isEmpty)
        rig.answer("aria2.getGlobalOption", #"{"dir":"/d","seed-time":"0","follow-torrent":"false"}"#)
        #expect(try await rig.client.test().warnings.map(\.code) == ["forgets", "never_seeds", "follows_no_torrents"])
        rig.answer("aria2.getVersion", #"{"version":"1.18.9","enabledFeatures":["HTTPS"]}"#)
        #expect(try await rig.client.test().checks.filter { !$0.ok }.map(\.name) == ["version", "bittorrent"])
    }

    @Test("the form has a field for each value, under the same key and with the same default")
    func manifest() throws {
        #expect(SettingsKeys.differences(in: Aria2Client.self) == [])
        let encoded = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(Aria2Settings()))
        for field in Aria2Client.manifest.settings.fields {
            guard let value = field.default else { continue }
            #expect(encoded[field.key] == value, "\(field.key)")
        }
    }
}
