import FoundationEssentials
import PluginAPI
import Testing

@testable import Deluge

struct ConnectionTests {
    private func rig(change: (inout DelugeSettings) -> Void = { _ in }) throws -> Rig {
        let rig = try Rig(change: change)
        for name in [
            "auth.check_session", "web.connected", "daemon.get_version", "core.get_config_values",
            "core.get_enabled_plugins", "label.get_labels", "core.get_free_space",
        ] { try rig.always(name) }
        rig.answer("auth.delete_session", "true")
        return rig
    }

    @Test("a good connection")
    func good() async throws {
        let report = try await rig().client.test()
        #expect(report.version == "2.0.3" && report.savePath == "/data/downloads")
        #expect(report.categories == ["kinodock": "/data/downloads"])
        #expect(report.checks.filter { !$0.ok }.isEmpty)
        #expect(report.checks.map(\.name) == ["connection", "login", "daemon", "version", "category", "savePath"])
        #expect(report.warnings.map(\.code) == ["incomplete_path"])
    }

    @Test("without the Label plugin the label is a failed check, and none is not")
    func labels() async throws {
        let rig = try rig()
        rig.answer("core.get_enabled_plugins", "[]")
        rig.answer("label.get_labels", error: #"{"message":"Unknown method","code":2}"#)
        let failed = try await rig.client.test().checks.filter { !$0.ok }
        #expect(failed.map(\.field) == ["category"] && failed.first?.message?.contains("Label plugin") == true)
        let without = try self.rig { $0.category = "" }
        without.answer("core.get_enabled_plugins", "[]")
        #expect(try await without.client.test().checks.filter { !$0.ok }.isEmpty)
    }

    @Test("a wrong password and a daemon that does not run are failed checks")
    func failures() async throws {
        let wrong = try Rig(isOpen: false)
        try wrong.always("wrong password")
        #expect(try await wrong.client.test().checks.filter { !$0.ok }.map(\.name) == ["login"])
        let alone = try rig()
        for name in ["no daemon: web.connected", "web.get_hosts", "no daemon: web.get_host_status"] {
            try alone.always(name)
        }
        #expect(try await alone.client.test().checks.filter { !$0.ok }.map(\.name) == ["daemon"])
    }

    @Test(
        "what will surprise is a warning",
        arguments: [
            (#""add_paused":true"#, "adds_stopped"), (#""remove_seed_at_ratio":true"#, "removes_when_seeded"),
            (#""max_active_downloading":0"#, "queue_is_shut"), (#""max_download_speed":0.0"#, "speed_is_zero"),
        ]
    )
    func warnings(fields: String, code: String) async throws {
        let rig = try rig()
        rig.answer("core.get_config_values", "{\(fields)}")
        #expect(try await rig.client.test().warnings.map(\.code) == [code])
    }

    @Test("a version that is too old says which is needed")
    func old() async throws {
        let rig = try rig()
        rig.answer("daemon.get_version", #""1.3.15""#)
        #expect(try await rig.client.test().checks.filter { !$0.ok }.first?.message?.contains("2.0") == true)
    }

    @Test("the form has a field for each value, under the same key and with the same default")
    func manifest() throws {
        #expect(SettingsKeys.differences(in: DelugeClient.self) == [])
        let encoded = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(DelugeSettings()))
        for field in DelugeClient.manifest.settings.fields {
            guard let value = field.default else { continue }
            #expect(encoded[field.key] == value, "\(field.key)")
        }
    }
}
