import PluginAPI
import Synchronization
import Testing

@testable import Host

struct EmbeddedDefaultsTests {
    private let world: RegistryWorld

    init() throws {
        world = try RegistryWorld()
    }

    private func defaults() throws -> EmbeddedDefaults {
        let logger = Logger(level: .debug, redactor: world.redactor, clock: world.clock, sink: world.lines.add)
        return try EmbeddedDefaults(
            registry: world.registry,
            store: world.store,
            plugins: world.plugins,
            logger: logger,
            clock: world.clock
        )
    }

    private func manifest(_ id: String, isDefault: Bool? = true) throws -> PluginManifest {
        var manifest = try #require(world.plugins.manifest(of: id))
        manifest.settings.fields = []
        manifest.isEmbeddedDefault = isDefault
        return manifest
    }

    private var names: [String] {
        get async { await world.registry.instances(of: .downloadClient).map(\.implementation) }
    }

    @Test("add an instance of each, enabled and behind what a person configures")
    func add() async throws {
        world.plugins.state.withLock { $0.needsSettings = false }
        await (try defaults()).offer([try manifest("crate"), try manifest("box")])
        let instances = await world.registry.instances(of: .downloadClient)
        #expect(Set(instances.map(\.implementation)) == ["box", "crate"])
        #expect(instances.allSatisfy { $0.isEnabled && $0.priority == EmbeddedDefaults.priority })
    }

    @Test("leave out one whose test fails, for good when another one works")
    func broken() async throws {
        world.plugins.state.withLock {
            $0.needsSettings = false
            $0.broken["crate"] = PluginError(.invalid, "The program crate is not there.")
        }
        let defaults = try defaults()
        await defaults.offer([try manifest("crate"), try manifest("box")])
        #expect(await names == ["box"])
        #expect(world.lines.all.contains { $0.contains("The program crate is not there.") })
        world.plugins.state.withLock { $0.broken = [:] }
        await defaults.offer([try manifest("crate"), try manifest("box")])
        #expect(await names == ["box"])
    }

    @Test("try again later when none of them works", arguments: [true, false])
    func noneWorks(isThrown: Bool) async throws {
        var report = ConnectionReport()
        report.checks = [.init("disk", ok: false, message: "The disk is full.")]
        let answer = isThrown ? Result.failure(PluginError(.remoteFailure, "The disk is full.")) : .success(report)
        world.plugins.state.withLock {
            $0.needsSettings = false
            $0.answer = answer
        }
        let defaults = try defaults()
        await defaults.offer([try manifest("box")])
        #expect(await names == [])
        #expect(world.lines.all.contains { $0.contains("The disk is full.") })
        world.plugins.state.withLock { $0.answer = .success(ConnectionReport()) }
        await defaults.offer([try manifest("box")])
        #expect(await names == ["box"])
    }

    @Test("wait for a plugin that becomes active later")
    func later() async throws {
        world.plugins.state.withLock { $0.needsSettings = false }
        let defaults = try defaults()
        await defaults.offer([try manifest("box", isDefault: nil)])
        #expect(await names == [])
        await defaults.offer([try manifest("box")])
        #expect(await names == ["box"])
    }

    @Test("do not bring back what was deleted, now or after a restart")
    func deleted() async throws {
        world.plugins.state.withLock { $0.needsSettings = false }
        let first = try defaults()
        await first.offer([try manifest("box")])
        let instance = try #require(await world.registry.instances(of: .downloadClient).first)
        try await world.registry.delete(instance.id)
        await first.offer([try manifest("box")])
        await (try defaults()).offer([try manifest("box")])
        #expect(await names == [])
    }

    @Test("leave a server alone that was configured by a person")
    func configured() async throws {
        let instance = try await world.addInstance()
        let first = try defaults()
        await first.offer([try manifest("crate")])
        try await world.registry.delete(instance.id)
        await (try defaults()).offer([try manifest("crate")])
        #expect(await names == [])
    }
}
