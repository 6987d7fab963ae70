import FoundationEssentials
import PluginAPI
import Testing

@testable import Transmission

struct ConnectionTests {
    @Test("a good connection")
    func good() async throws {
        let rig = try Rig()
        for name in ["session-get", "labels", "free-space"] { try rig.always(name) }
        let report = try await rig.client.test()
        #expect(report.version?.hasPrefix("3.00") == true && report.apiVersion == "16")
        #expect(report.savePath == "/data/downloads" && report.categories == ["kinodock": "/data/downloads"])
        #expect(report.checks.map(\.name) == ["connection", "login", "api", "savePath"])
        #expect(report.checks.filter { !$0.ok }.isEmpty)
        #expect(report.warnings.map(\.code) == ["incomplete_path"])
    }

    @Test("a wrong password is a failed check")
    func wrongPassword() async throws {
        let rig = try Rig()
        try rig.host.always("wrong password: 401", of: rig.recording)
        let report = try await rig.client.test()
        let failed = report.checks.filter { !$0.ok }
        #expect(failed.map(\.name) == ["login"] && failed.first?.field == "password")
    }

    @Test("a version that is too old says which is needed")
    func old() async throws {
        let rig = try Rig()
        rig.answer("session-get", #"{"version":"2.52","rpc-version":14}"#)
        let failed = try await rig.client.test().checks.filter { !$0.ok }
        #expect(failed.map(\.name) == ["api"] && failed.first?.message?.contains("2.80") == true)
    }

    @Test("a folder that Transmission cannot use is a failed check")
    func folder() async throws {
        let rig = try Rig { $0.savePath = "/no/such/folder" }
        for name in ["session-get", "labels", "free-space of a folder that is not there"] { try rig.always(name) }
        let failed = try await rig.client.test().checks.filter { !$0.ok }
        #expect(failed.map(\.field) == ["savePath"])
    }

    @Test(
        "what will surprise is a warning",
        arguments: [
            (#""start-added-torrents":false"#, "adds_stopped"),
            (#""download-queue-enabled":true,"download-queue-size":0"#, "queue_is_shut"),
            (#""speed-limit-down-enabled":true,"speed-limit-down":0"#, "speed_is_zero"),
            (#""alt-speed-enabled":true,"alt-speed-down":0"#, "speed_is_zero"), (#""rpc-version":15"#, "no_labels"),
        ]
    )
    func warnings(fields: String, code: String) async throws {
        let rig = try Rig()
        rig.answer("session-get", #"{"version":"4.0",\#(fields),"rpc-version":17}"#)
        rig.answer("torrent-get", #"{"torrents":[]}"#)
        #expect(try await rig.client.test().warnings.map(\.code) == [code])
    }

    @Test("another program is no Transmission")
    func stranger() async throws {
        let rig = try Rig()
        rig.answer("session-get", "{}")
        let error = await #expect(throws: PluginError.self) { try await rig.client.test() }
        #expect(error?.code.value == .badResponse && error?.field == "host")
    }

    @Test("the form has a field for each value, under the same key and with the same default")
    func manifest() throws {
        #expect(SettingsKeys.differences(in: TransmissionClient.self) == [])
        let encoded = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(TransmissionSettings()))
        for field in TransmissionClient.manifest.settings.fields {
            guard let value = field.default else { continue }
            #expect(encoded[field.key] == value, "\(field.key)")
        }
    }
}
