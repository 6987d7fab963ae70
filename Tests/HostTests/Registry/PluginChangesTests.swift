import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

/// What happens to instances when their plugin goes and comes back.
struct PluginChangesTests {
    private let bench: RegistryWorld
    private let list = PluginList()
    private let rings = RegistryWorld.Counter()
    private let follower: PluginFollower

    init() async throws {
        bench = try RegistryWorld()
        let logger = Logger(redactor: bench.redactor, clock: bench.clock, sink: bench.lines.add)
        follower = PluginFollower(registry: bench.registry, logger: logger) { [list] in list.entries }
        list.set(.active)
        await follower.begin()
        await bench.registry.onChange { [rings] in rings.add() }
    }

    @Test("an instance of a plugin that was switched off is not asked, though it was connected")
    func disabled() async throws {
        let instance = try await bench.addInstance()
        _ = try await bench.registry.downloadClient(instance.id)
        bench.plugins.state.withLock { $0.isThere = false }
        let error = await #expect(throws: PluginError.self) { try await bench.registry.downloadClient(instance.id) }
        #expect(error?.code.value == .unsupported)
    }

    @Test("a plugin that leaves has its instances disconnected")
    func leaves() async throws {
        _ = try await bench.registry.downloadClient(try await bench.addInstance().id)
        list.set(.disabled)
        await follower.follow()
        #expect(bench.plugins.state.withLock(\.shutDowns) == 1)
    }

    @Test("a plugin that comes back has its instances forgiven and asked at once")
    func comesBack() async throws {
        let id = try await bench.addInstance().id
        list.set(.missing)
        await follower.follow()
        await bench.registry.recordFailure(id, PluginError(.badResponse, "Nonsense."))
        let before = rings.count
        list.set(.active)
        await follower.follow()
        #expect(await bench.registry.instance(id)?.health == InstanceHealth())
        #expect(rings.count == before + 1)
    }

    @Test("a plugin whose file is replaced has its instances connected anew")
    func replaced() async throws {
        let id = try await bench.addInstance().id
        _ = try await bench.registry.downloadClient(id)
        list.set(.active, path: "/other/box/plugin.so")
        await follower.follow()
        _ = try await bench.registry.downloadClient(id)
        #expect(bench.plugins.state.withLock { [$0.connections, $0.shutDowns] } == [2, 1])
    }

    @Test("a change of another plugin leaves instances alone, and is written down once")
    func another() async throws {
        _ = try await bench.registry.downloadClient(try await bench.addInstance().id)
        let before = rings.count
        list.add(PluginEntry(id: "new", path: "/p/new", state: .failed, reason: "It is broken."))
        await follower.follow()
        await follower.follow()
        #expect(bench.plugins.state.withLock(\.shutDowns) == 0)
        #expect(rings.count == before)
        #expect(bench.lines.all.count { $0.contains("It is broken.") } == 1)
    }

    @Test("an instance without its plugin climbs no ladder of waits")
    func noLadder() async throws {
        let id = try await bench.addInstance().id
        bench.plugins.state.withLock { $0.isThere = false }
        for _ in 0..<5 { await bench.registry.recordFailure(id, PluginError(.unsupported, "It is off.")) }
        let health = await bench.registry.instance(id)?.health
        #expect(health?.message == "It is off.")
        #expect(health?.nextAttempt == nil)
        #expect(health?.step == 0)
    }

    /// The list of a catalog.
    private final class PluginList: Sendable {
        private let list = Mutex<[PluginEntry]>([])
        var entries: [PluginEntry] { list.withLock { $0 } }
        func set(_ state: PluginState, path: String = "/p/box/plugin.so") {
            list.withLock { $0 = [PluginEntry(id: "box", path: path, state: state)] }
        }
        func add(_ entry: PluginEntry) { list.withLock { $0.append(entry) } }
    }
}
