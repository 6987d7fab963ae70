import FoundationEssentials
import PluginAPI
import Testing

@testable import Host
@testable import PluginHosting

@Suite("The migration of settings by a plugin", .timeLimit(.minutes(1)))
struct MigrationCallTests {
    private func plugin(_ id: String, isolated: Bool) async throws -> any UsablePlugin {
        guard !isolated else { return try await FixturePlugins.isolated(id) }
        return try PluginLoader.load(FixturePlugins.candidate(id))
    }

    private func migrate(
        host: String,
        by plugin: any UsablePlugin,
        within limit: Duration = .seconds(10)
    ) async throws(PluginError) -> JSONValue? {
        let settings = Data(#"{"host":"\#(host)","port":"80","token":"hunter22","room":""}"#.utf8)
        let json = try await plugin.migrate(settings, from: 1, within: limit)
        return try? JSONDecoder().decode(JSONValue.self, from: json)
    }

    @Test("gives what the plugin makes of them", arguments: [false, true])
    func migrates(isolated: Bool) async throws {
        let plugin = try await plugin("mover", isolated: isolated)
        let migrated = try await migrate(host: "nas", by: plugin)
        #expect(migrated == ["address": "nas:80", "token": "hunter22", "room": ""])
    }

    @Test("changes nothing when the table is of version 1.0 of the contract", arguments: [false, true])
    func oldTable(isolated: Bool) async throws {
        let kept = try await migrate(host: "nas", by: plugin("old-mover", isolated: isolated))
        #expect(kept == ["host": "nas", "port": "80", "token": "hunter22", "room": ""])
    }

    @Test(
        "fails with the plugin's words, or with words about the plugin",
        arguments: [("refused", PluginError.Code.invalid), ("broken", .internal), ("garbage", .badResponse)],
        [false, true]
    )
    func fails(_ failure: (host: String, code: PluginError.Code), isolated: Bool) async throws {
        let plugin = try await plugin("mover", isolated: isolated)
        let error = await #expect(throws: PluginError.self) { try await migrate(host: failure.host, by: plugin) }
        #expect(error?.code.value == failure.code && error?.message.isEmpty == false)
    }

    @Test(
        "ends at its deadline, whether the plugin does not reply or does not return",
        arguments: ["hang", "block"],
        [false, true]
    )
    func deadline(host: String, isolated: Bool) async throws {
        let plugin = try await plugin("mover", isolated: isolated)
        let error = await #expect(throws: PluginError.self) {
            try await migrate(host: host, by: plugin, within: .milliseconds(50))
        }
        #expect(error?.code.value == .deadlineExceeded)
        #expect(try await migrate(host: "next", by: plugin)?["address"] == "next:80")
    }

    @Test("ends with its task", arguments: [false, true])
    func cancelled(isolated: Bool) async throws {
        let plugin = try await plugin("mover", isolated: isolated)
        let task = Task { try await migrate(host: "hang", by: plugin) }
        task.cancel()
        let error = await #expect(throws: PluginError.self) { try await task.value }
        #expect(error?.code.value == .cancelled)
    }

    @Test("fails when the plugin's own process crashes over it")
    func crashes() async throws {
        let plugin = try await plugin("mover", isolated: true)
        let error = await #expect(throws: PluginError.self) { try await migrate(host: "crash", by: plugin) }
        #expect(error?.code.value == .pluginCrashed)
    }
}
