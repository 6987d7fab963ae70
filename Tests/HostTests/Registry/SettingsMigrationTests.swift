import FoundationEssentials
import PluginAPI
import SQLite
import Synchronization
import Testing

@testable import Host

@Suite("Settings that were stored for another version of the form", .timeLimit(.minutes(1)))
struct SettingsMigrationTests {
    /// A form with another name for the secret.
    private static func form(_ version: Int) -> SettingsSchema {
        var token = SettingsField.secret("token", label: "Token")
        token.renamedFrom = "password"
        return SettingsSchema(version: version, fields: [.text("host", label: "Host").required(), token])
    }

    /// A world with one client, stored for version 1, whose plugin has `version` now.
    private func world(plugin version: Int = 2) async throws -> HostWorld {
        let world = try await HostWorld.with("one")
        world.plugins.state.withLock { $0.forms["scripted"] = Self.form(version) }
        return world
    }

    private func count(_ world: HostWorld, _ table: String) throws -> Int? {
        try world.store.database.read { try $0.first("SELECT count(*) FROM \(table)") { try $0.int(0) } }
    }

    @Test("are migrated once, before the first call, stored, and the former ones are kept")
    func migrates() async throws {
        let world = try await world()
        world.plugins.state.withLock { $0.migrated = .success(["host": "moved", "token": "hunter2-one"]) }
        for _ in 0..<2 { _ = try await world.registry.downloadClient("id-one").item("x") }
        // Old names are followed before the plugin is asked.
        #expect(world.plugins.state.withLock(\.migrations) == [#"1 {"host":"one","token":"hunter2-one"}"#])
        #expect(world.plugins.state.withLock(\.settings) == [#"{"host":"moved","token":"hunter2-one"}"#])
        #expect(world.lines.all.contains { $0.contains("from version 1") && $0.contains("to version 2") })
        let next = try await world.restarted()
        let instance = try #require(await next.registry.instance("id-one"))
        #expect(instance.settings == ["host": "moved"] && instance.secrets == ["token": "hunter2-one"])
        #expect(instance.settingsVersion == 2)
        let former = try #require(try await next.registry.formerSettings(of: "id-one").first)
        #expect(former.version == 1 && former.replaced == ManualClock.start)
        #expect(former.values == .init(settings: ["host": "one"], secrets: ["password": "hunter2-one"]))
        await next.registry.bringUpToDate("id-one")
        #expect(world.plugins.state.withLock(\.migrations).count == 1)
    }

    @Test("keep their secrets sealed: no file holds one, and a copy in another row does not open")
    func sealed() async throws {
        let world = try await world()
        world.plugins.state.withLock { $0.migrated = .success(["host": "hunter2-one"]) }
        await world.registry.bringUpToDate("id-one")
        #expect(
            await world.registry.instance("id-one")?.values == .init(settings: [:], secrets: ["host": "hunter2-one"])
        )
        for name in world.folder.tree() {
            let content = try Data(contentsOf: URL(filePath: world.folder.path + "/" + name))
            #expect(!content.holds("hunter2"), "\(name)")
        }
        #expect(!world.lines.all.joined().contains("hunter2"))
    }

    @Test("stay as they are when the plugin cannot change them, and the instance says so without a secret")
    func fails() async throws {
        let world = try await world()
        world.plugins.state.withLock { $0.migrated = .failure(PluginError(.invalid, "hunter2-one fits nowhere.")) }
        for _ in 0..<3 {
            let error = await #expect(throws: PluginError.self) {
                try await world.registry.downloadClient("id-one").item("x")
            }
            #expect(error?.message.contains("*** fits nowhere. They are kept as they are.") == true)
        }
        #expect(world.plugins.state.withLock(\.migrations).count == 1)
        #expect(world.plugins.state.withLock(\.settings) == [])
        let kept = try #require(await world.registry.instance("id-one"))
        #expect(kept.settings == ["host": "one"] && kept.settingsVersion == 1)
        #expect(kept.health.message?.contains("version 2") == true)
        #expect(try count(world, "former_settings") == 0)
        #expect(await world.registry.warnings(about: kept, since: kept).map(\.code) == [.notMigrated])
    }

    @Test("are tried again when a person asks for it, at the next start, and when the plugin changes")
    func again() async throws {
        let world = try await world()
        world.plugins.state.withLock { $0.migrated = .failure(PluginError(.internal, "Not today.")) }
        await world.registry.bringUpToDate("id-one")
        await world.registry.bringUpToDate("id-one")
        #expect(world.plugins.state.withLock(\.migrations).count == 1)
        await world.registry.bringUpToDate("id-one", again: true)
        #expect(world.plugins.state.withLock(\.migrations).count == 2)
        await world.registry.pluginsChanged(left: [], came: ["scripted"])
        await eventually("the plugin that came is asked") { world.plugins.state.withLock(\.migrations).count == 3 }
        world.plugins.state.withLock { $0.migrated = nil }
        let next = try await world.restarted()
        await next.registry.bringUpToDate(instancesOf: ["scripted"])
        await eventually("the settings are migrated") { await next.registry.instance("id-one")?.settingsVersion == 2 }
        await eventually("and nothing is wrong any more") {
            await next.registry.instance("id-one")?.health.message == nil
        }
    }

    @Test(
        "are tried again after a crash, which another call may have caused, but not for ever",
        arguments: [(nil, 3), (5, 6)] as [(Int?, Int)]
    )
    func crashes(retryAfter: Int?, tries: Int) async throws {
        let world = try await world()
        let crash = PluginError(.pluginCrashed, "Gone.", retryAfter: retryAfter)
        world.plugins.state.withLock { $0.migrated = .failure(crash) }
        for _ in 0..<6 { await world.registry.bringUpToDate("id-one") }
        #expect(world.plugins.state.withLock(\.migrations).count == tries)
    }

    @Test("of a newer form are used as they are, and nothing is stored")
    func downgrade() async throws {
        let world = try await world(plugin: 3)
        await world.registry.bringUpToDate("id-one")
        world.plugins.state.withLock { $0.forms["scripted"] = Self.form(2) }
        _ = try await world.registry.downloadClient("id-one").item("x")
        #expect(world.plugins.state.withLock(\.settings) == [#"{"host":"one","token":"hunter2-one"}"#])
        let instance = try #require(await world.registry.instance("id-one"))
        #expect(instance.settingsVersion == 3 && world.plugins.state.withLock(\.migrations).count == 1)
        #expect(await world.registry.warnings(about: instance, since: instance).map(\.code) == [.newerSettings])
    }

    @Test("can be gone back to, and those that they replace are kept in turn")
    func restore() async throws {
        let world = try await world()
        world.plugins.state.withLock { $0.migrated = .success(["host": "moved"]) }
        await world.registry.bringUpToDate("id-one")
        world.plugins.state.withLock { $0.forms["scripted"] = nil }
        let restored = try #require(try await world.registry.restoreSettings(of: "id-one", version: 1))
        #expect(restored.values == HostWorld.instance("one").values && restored.settingsVersion == 1)
        #expect(try await world.registry.formerSettings(of: "id-one").map(\.version) == [2, 1])
        #expect(try await world.registry.restoreSettings(of: "id-one", version: 7) == nil)
        #expect(try await world.registry.restoreSettings(of: "nobody", version: 1) == nil)
    }

    @Test("go with the instance, and when it is given to another plugin", arguments: [true, false])
    func forgotten(isDeleted: Bool) async throws {
        let world = try await world()
        await world.registry.bringUpToDate("id-one")
        #expect(try count(world, "former_settings") == 1)
        if isDeleted {
            try await world.registry.delete("id-one")
        } else {
            try await world.registry.save(HostWorld.instance("one", implementation: "usenet"))
        }
        #expect(try count(world, "former_settings") == 0)
    }

    @Test("are not brought over a change that was made meanwhile")
    func race() async throws {
        let world = try await world()
        let stale = try #require(await world.registry.instance("id-one"))
        var changed = stale
        changed.updated = ManualClock.start + 1
        changed.settings = ["host": "changed"]
        try await world.registry.save(changed)
        let isStored = try await world.store.saveMigrated(stale, from: 1, now: ManualClock.start, key: HostWorld.key)
        #expect(!isStored)
        let stored = try world.store.instances(key: HostWorld.key, onUnreadableSecrets: { _ in })
        #expect(stored.map(\.settings) == [["host": "changed"]])
    }

    @Test("are of version 1 when they were stored before versions were")
    func noVersion() async throws {
        let world = try await world()
        try world.store.database.writeSync { try $0.execute("UPDATE instances SET settings_version = NULL") }
        let next = try await world.restarted()
        #expect(await next.registry.instance("id-one")?.settingsVersion == 1)
        await next.registry.bringUpToDate("id-one")
        #expect(await next.registry.instance("id-one")?.settingsVersion == 2)
    }

    @Test("are given up when the server ends, and none is begun after that")
    func ends() async throws {
        let world = try await world()
        await world.registry.shutDown()
        await world.registry.bringUpToDate("id-one", again: true)
        #expect(world.plugins.state.withLock(\.migrations).isEmpty)
        #expect(await world.registry.instance("id-one")?.settingsVersion == 1)
    }
}
