import FoundationEssentials
import PluginAPI
import PluginHosting
import Testing

@testable import Host

@Suite("The migration of settings by a plugin in this process", .timeLimit(.minutes(1)))
struct MigrationCallTests {
    private func migrate(
        host: String,
        by id: String = "mover",
        within limit: Duration = .seconds(10)
    ) async throws(PluginError) -> JSONValue? {
        let plugin: LoadedPlugin
        do {
            plugin = try PluginLoader.load(FixturePlugins.candidate(id))
        } catch {
            throw PluginError(.internal, error.reason)
        }
        let settings = Data(#"{"host":"\#(host)","port":"80","token":"hunter22","room":""}"#.utf8)
        let json = try await plugin.migrate(settings, from: 1, within: limit)
        return try? JSONDecoder().decode(JSONValue.self, from: json)
    }

    @Test("gives what the plugin makes of them")
    func migrates() async throws {
        #expect(try await migrate(host: "nas") == ["address": "nas:80", "token": "hunter22", "room": ""])
    }

    @Test("changes nothing when the table is of version 1.0 of the contract")
    func oldTable() async throws {
        let kept = try await migrate(host: "nas", by: "old-mover")
        #expect(kept == ["host": "nas", "port": "80", "token": "hunter22", "room": ""])
    }

    @Test(
        "fails with the plugin's words, or with words about the plugin",
        arguments: [("refused", PluginError.Code.invalid), ("broken", .internal), ("garbage", .badResponse)]
    )
    func fails(host: String, code: PluginError.Code) async throws {
        let error = await #expect(throws: PluginError.self) { try await migrate(host: host) }
        #expect(error?.code.value == code && error?.message.isEmpty == false)
    }

    @Test("ends at its deadline, whether the plugin does not reply or does not return", arguments: ["hang", "block"])
    func deadline(host: String) async throws {
        let error = await #expect(throws: PluginError.self) {
            try await migrate(host: host, within: .milliseconds(50))
        }
        #expect(error?.code.value == .deadlineExceeded)
        #expect(try await migrate(host: "next")?["address"] == "next:80")
    }

    @Test("ends with its task")
    func cancelled() async throws {
        let task = Task { try await migrate(host: "hang") }
        task.cancel()
        let error = await #expect(throws: PluginError.self) { try await task.value }
        #expect(error?.code.value == .cancelled)
    }
}
