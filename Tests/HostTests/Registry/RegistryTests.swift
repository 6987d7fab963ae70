import Cryptography
import Dispatch
import FoundationEssentials
import PluginAPI
import SQLite
import Synchronization
import Testing

@testable import Host

@Suite("The registry", .timeLimit(.minutes(1)))
struct RegistryTests {
    @Test("keeps instances over a restart, secrets and health included")
    func kept() async throws {
        let world = try await HostWorld.with("one")
        await world.registry.recordFailure("id-one", PluginError(.unauthorized, "Wrong password."))
        let next = try await world.restarted()
        let instance = try #require(await next.registry.instance("id-one"))
        #expect(instance.secrets == ["password": "hunter2-one"] && instance.settings == ["host": "one"])
        #expect(instance.health.status == "failing" && instance.health.nextAttempt == ManualClock.start + 60)
        #expect(next.redactor.redact("hunter2-one") == "***")
    }

    @Test("keeps over a restart since when an instance fails, why, how often, and when it last worked")
    func keptHealth() async throws {
        let world = try await HostWorld.with("one", "two")
        for id in ["id-one", "id-two"] { await world.registry.recordSuccess(id) }
        world.clock.advance(10)
        for _ in 0..<2 { await world.registry.recordFailure("id-one", PluginError(.unreachable, "Nobody there.")) }
        await world.registry.recordSuccess("id-two")
        await world.registry.shutDown()
        let next = try await world.restarted().registry
        let health = try #require(await next.instance("id-one")?.health)
        #expect(health.since == ManualClock.start + 10 && health.lastSuccess == ManualClock.start)
        #expect(health.code == "unreachable" && health.failures == 2 && health.status == "warning")
        #expect(await next.instance("id-two")?.health.lastSuccess == ManualClock.start + 10)
    }

    @Test("new settings forget failures, not when the instance last worked")
    func savedAnew() async throws {
        let world = try await HostWorld.with("one")
        await world.registry.recordSuccess("id-one")
        await world.registry.recordFailure("id-one", PluginError(.unauthorized, "Wrong password."))
        try await world.registry.save(HostWorld.instance("one"))
        let health = try #require(await world.registry.instance("id-one")?.health)
        #expect(health.message == nil && health.lastSuccess == ManualClock.start)
        #expect(try await world.restarted().registry.instance("id-one")?.health == health)
    }

    @Test("a call that was cancelled says nothing about an instance")
    func cancelled() async throws {
        let world = try await HostWorld.with("one")
        await world.registry.recordFailure("id-one", PluginError(.cancelled, "Never mind."))
        #expect(await world.registry.instance("id-one")?.health == InstanceHealth())
    }

    @Test("for a quarter of an hour after the start no service that may be starting is waited for longer than a minute")
    func grace() async throws {
        let world = try await HostWorld.with("one")
        func wait() async -> Double? {
            for _ in 0..<6 { await world.registry.recordFailure("id-one", PluginError(.badResponse, "502")) }
            return await world.registry.instance("id-one")?.health.nextAttempt?.timeIntervalSince(world.clock.now)
        }
        world.clock.advance(InstanceHealth.grace - 1)
        #expect(await wait() == 60)
        world.clock.advance(1)
        #expect(await wait() == 360 * 60)
    }

    @Test("a failure that comes while new settings are being stored is forgotten, also after a restart")
    func healthWhileSaving() async throws {
        let world = try await HostWorld.with("one")
        // The store is held up, so that both are under way at once.
        let (holds, letGo) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let held: Void = world.store.database.write { _ in
            holds.signal()
            letGo.wait()
        }
        await BlockingWork.run { holds.wait() }
        async let saved: Void = world.registry.save(HostWorld.instance("one"))
        async let failed: Void = world.registry.recordFailure("id-one", PluginError(.unauthorized, "Wrong password."))
        await eventually("the failure is known") { await world.registry.instance("id-one")?.health.message != nil }
        letGo.signal()
        _ = try await (held, saved, failed)
        #expect(await world.registry.instance("id-one")?.health == InstanceHealth())
        #expect(try await world.restarted().registry.instance("id-one")?.health == InstanceHealth())
    }

    @Test("no file of the database holds a secret")
    func sealed() async throws {
        let world = try await HostWorld.with("one")
        for name in world.folder.tree() {
            let content = try Data(contentsOf: URL(filePath: world.folder.path + "/" + name))
            #expect(!content.holds("hunter2"), "\(name)")
        }
        #expect(!world.folder.tree().isEmpty)
    }

    @Test("without the right key an instance is kept, without its secrets and with a line in the log")
    func wrongKey() async throws {
        let world = try await HostWorld.with("one")
        let other = SealingKey(bytes: [UInt8](repeating: 8, count: 32))
        let registry = try Registry(
            store: world.store,
            plugins: world.plugins,
            sealingKey: other,
            redactor: world.redactor,
            logger: world.logger,
            clock: world.clock,
            folders: InstanceFolders(dataDirectory: world.folder.path)
        ) { _ in RecordingServices() }
        #expect(await registry.instance("id-one")?.secrets == [:])
        #expect(world.lines.all.contains { $0.contains("secrets of one cannot be read") })
    }

    @Test("a sealed secret does not open in another row")
    func bound() async throws {
        let world = try await HostWorld.with("one", "two")
        try world.store.database.writeSync { connection in
            try connection.execute(
                "UPDATE instances SET secrets = (SELECT secrets FROM instances WHERE id = 'id-one') WHERE id = 'id-two'"
            )
        }
        let unreadable = Recorder<String>()
        let instances = try world.store.instances(key: HostWorld.key, onUnreadableSecrets: unreadable.add)
        #expect(unreadable.all == ["two"] && instances.count == 2)
    }

    @Test("connects on the first call, with secrets among the settings, and stays connected")
    func connection() async throws {
        let world = try await HostWorld.with("one")
        #expect(world.plugins.state.withLock(\.connections) == 0)
        for _ in 0..<3 { _ = try await world.registry.downloadClient("id-one").item("x") }
        #expect(world.plugins.state.withLock(\.settings) == [#"{"host":"one","password":"hunter2-one"}"#])
    }

    @Test("new settings end the connection; a new name does not")
    func reconnects() async throws {
        let world = try await HostWorld.with("one")
        _ = try await world.registry.downloadClient("id-one")
        var instance = HostWorld.instance("one")
        instance.name = "uno"
        instance.priority = 9
        try await world.registry.save(instance)
        #expect(world.plugins.state.withLock(\.shutDowns) == 0)
        instance.secrets["password"] = "another one"
        try await world.registry.save(instance)
        #expect(world.plugins.state.withLock(\.shutDowns) == 1)
        #expect(world.redactor.redact("hunter2-one another one") == "hunter2-one ***")
    }

    @Test("a failed connection is tried anew by the next call, and its words hold no secret")
    func failedConnection() async throws {
        let world = try await HostWorld.with("one")
        world.plugins.state.withLock { $0.connectFailure = PluginError(.invalid, "hunter2-one is too short.") }
        let error = await #expect(throws: PluginError.self) { try await world.registry.downloadClient("id-one") }
        #expect(error?.message == "*** is too short.")
        world.plugins.state.withLock { $0.connectFailure = nil }
        _ = try await world.registry.downloadClient("id-one")
        #expect(world.plugins.state.withLock(\.connections) == 2)
    }

    @Test("deleting ends the connection and forgets everything, its values too")
    func deleted() async throws {
        let world = try await HostWorld.with("one")
        _ = try await world.registry.downloadClient("id-one")
        let values = InstanceValues(instanceID: "id-one", store: world.store)
        try await values.setValue(Data([1]), for: "k")
        #expect(try await values.value(for: "k") == Data([1]))
        try await world.registry.delete("id-one")
        #expect(world.plugins.state.withLock(\.shutDowns) == 1)
        #expect(await world.registry.instances(of: .downloadClient).isEmpty)
        #expect(try await values.value(for: "k") == nil)
        #expect(world.redactor.redact("hunter2-one") == "hunter2-one")
        let error = await #expect(throws: PluginError.self) { try await world.registry.downloadClient("id-one") }
        #expect(error?.code == .known(.notFound))
    }

    @Test("two instances of a kind cannot have one name")
    func name() async throws {
        let world = try await HostWorld.with("one", "two")
        var instance = HostWorld.instance("two")
        instance.name = "one"
        let error = await #expect(throws: SQLiteError.self) { try await world.registry.save(instance) }
        #expect(error?.isUnique == true)
        #expect(await world.registry.instance("id-two")?.name == "two")
    }

    @Test("tells of each change once")
    func changes() async throws {
        let world = try await HostWorld.with("one")
        let count = Recorder<Bool>()
        await world.registry.onChange { count.add(true) }
        try await world.registry.save(HostWorld.instance("one"))
        try await world.registry.delete("id-one")
        try await world.registry.delete("id-one")
        #expect(count.all.count == 2)
    }

    @Test("prefers clients by priority, then name, and leaves out those that are off or take something else")
    func preference() async throws {
        let world = try HostWorld()
        try await world.addClient("b", priority: 1)
        try await world.addClient("a", priority: 1)
        try await world.addClient("first", priority: 0)
        try await world.addClient("news", priority: 0, implementation: "usenet")
        var off = HostWorld.instance("off", priority: 0)
        off.isEnabled = false
        try await world.registry.save(off)
        #expect(await world.registry.downloadClients(taking: .magnet).map(\.name) == ["first", "a", "b"])
        #expect(await world.registry.downloadClients(taking: .nzb).map(\.name) == ["news"])
    }

    @Test("says why a client cannot be used whose plugin is not there")
    func missingPlugin() async throws {
        let world = try await HostWorld.with("one")
        world.plugins.state.withLock { _ = $0.missing.insert("scripted") }
        let error = await #expect(throws: PluginError.self) { try await world.registry.downloadClient("id-one") }
        #expect(error?.code == .known(.unsupported) && error?.message.contains("scripted") == true)
        #expect(await world.registry.downloadClients(taking: .magnet).isEmpty)
    }

    @Test("a test has a connection of its own, which it ends, also when it fails")
    func test() async throws {
        let world = try await HostWorld.with("one")
        #expect(try await world.registry.test(HostWorld.instance("one")).version == "9.1")
        #expect(world.plugins.state.withLock(\.shutDowns) == 1)
        var changed = HostWorld.instance("one")
        changed.secrets["password"] = "unsaved secret"
        world.client("one").fail("test", PluginError(.unauthorized, "unsaved secret is wrong."))
        let error = await #expect(throws: PluginError.self) { try await world.registry.test(changed) }
        #expect(error?.message == "*** is wrong.")
        #expect(world.plugins.state.withLock(\.shutDowns) == 2)
        #expect(await world.registry.instance("id-one")?.secrets["password"] == "hunter2-one")
    }
}
