import FoundationEssentials
import Glibc
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

@Suite("The catalog of plugins", .timeLimit(.minutes(1)))
struct PluginCatalogTests {
    private let home: TemporaryFolder
    private let memory = MemoryOfPlugins()
    private let loading = FixtureLoading()
    private let clock = ManualClock()
    private var folder: String { home.path + "/first" }

    init() throws {
        home = try TemporaryFolder()
        #expect(mkdir(folder, 0o755) == 0)
    }

    private func install(_ id: String, in folder: String? = nil, as name: String? = nil) throws {
        try install(FixturePlugins.candidate(id), in: folder, as: name)
    }

    private func install(_ plugin: PluginCandidate, in folder: String? = nil, as name: String? = nil) throws {
        try TemporaryFolder.copy(plugin.path, to: "\(folder ?? self.folder)/\(name ?? plugin.id)/plugin.so")
    }

    private func catalog(
        _ folders: [String]? = nil,
        bundled: String? = nil,
        lock: Bool = false,
        memory: MemoryOfPlugins? = nil,
        report: @escaping @Sendable (String) -> Void = { _ in },
        changed: @escaping @Sendable () -> Void = {}
    ) -> PluginCatalog {
        PluginCatalog(
            PluginPlaces(
                folders: PluginFolders(folders ?? [folder]),
                bundled: bundled,
                lock: lock ? PluginLockFile(path: home.path + "/plugins.lock") : nil
            ),
            memory: memory ?? self.memory,
            loading: loading,
            clock: clock,
            atOnce: 2,
            report: report,
            changed: changed
        )
    }

    private func started(_ folders: [String]? = nil, bundled: String? = nil, lock: Bool = false) async throws
        -> PluginCatalog
    {
        let catalog = catalog(folders, bundled: bundled, lock: lock)
        try await catalog.begin()
        try await catalog.rescan()
        return catalog
    }

    @Test("lists good and bad plugins by id, and one bad file stops no other")
    func mixed() async throws {
        for fault in ["wrong-magic", "missing-library"] { try install(FixturePlugins.fault(fault)) }
        try install("c-echo")
        try TemporaryFolder.write(Array("text".utf8), to: "\(folder)/notes.so")
        try TemporaryFolder.write(Array("text".utf8), to: "\(folder)/README")
        let catalog = try await started()
        #expect(catalog.entries.map(\.id) == ["c-echo", "fault-missing-library", "fault-wrong-magic", "notes"])
        #expect(catalog.entries.map(\.state) == [.active, .failed, .incompatible, .incompatible])
        #expect(catalog.plugin("c-echo") != nil && catalog.plugin("fault-wrong-magic") == nil)
        #expect(loading.state.withLock { $0.scans["notes"] } == nil)
    }

    @Test("takes a bare library under any file name")
    func bare() async throws {
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: "\(folder)/libSomething.so")
        #expect(try await started().entries.map(\.id) == ["c-echo"])
    }

    @Test("uses the first of two plugins with the same id and version, and says where the other is")
    func superseded() async throws {
        let second = home.path + "/second"
        try install("c-echo")
        try install("c-echo", in: second)
        let catalog = try await started([folder, second])
        let states = Dictionary(uniqueKeysWithValues: catalog.entries.map { ($0.path, $0) })
        #expect(states["\(folder)/c-echo/plugin.so"]?.state == .active)
        let other = try #require(states["\(second)/c-echo/plugin.so"])
        #expect(other.state == .superseded)
        #expect(other.reason?.contains("\(folder)/c-echo/plugin.so") == true)
        #expect(catalog.entry("c-echo")?.state == .active)
    }

    @Test("does not run what is switched off until it is switched on, and remembers the switch")
    func disabled() async throws {
        try install("c-echo")
        try await memory.setDisabled("c-echo", true)
        let catalog = try await started()
        #expect(catalog.entry("c-echo")?.state == .disabled)
        #expect(loading.state.withLock { $0.scans.isEmpty })
        try await catalog.enable("c-echo")
        #expect(catalog.plugin("c-echo") != nil)
        #expect(try memory.rememberedPlugins().settings.disabled == [])
        try await catalog.disable("c-echo")
        #expect(catalog.plugin("c-echo") == nil)
        #expect(catalog.entry("c-echo")?.name == "C echo")
        #expect(try memory.rememberedPlugins().settings.disabled == ["c-echo"])
    }

    @Test("says that there is no plugin of an id, and what makes no sense")
    func refusals() async throws {
        try install("c-echo")
        let catalog = try await started()
        await #expect(throws: PluginActionError.unknown("nothing")) { try await catalog.enable("nothing") }
        await #expect(throws: PluginActionError.self) { try await catalog.accept("c-echo") }
        try await catalog.disable("c-echo")
        await #expect(throws: PluginActionError.self) { try await catalog.retry("c-echo") }
    }

    @Test("serves while a file hangs that is tried for the first time")
    func hanging() async throws {
        let latch = Latch()
        loading.state.withLock { $0.latches["twin-a"] = latch }
        for id in ["c-echo", "twin-a"] { try install(id) }
        let catalog = catalog()
        try await catalog.begin()
        await latch.arrivals()
        await eventually("the other one is used") { catalog.plugin("c-echo") != nil }
        #expect(catalog.entry("twin-a")?.state == .discovered)
        latch.open()
        await catalog.quiet(.everything, within: .seconds(30))
        #expect(catalog.plugin("twin-a") != nil)
    }

    @Test("tries a file once for all starts, and quarantines one for all that crashed")
    func remembered() async throws {
        for id in ["c-echo", "twin-a"] { try install(id) }
        let crash = PluginRefusal(.quarantined, .crashedOnLoad, "It crashed.")
        loading.state.withLock { $0.refusals["twin-a"] = crash }
        _ = try await started()
        clock.advance(3600)
        let catalog = catalog()
        try await catalog.begin()
        #expect(catalog.plugin("c-echo") != nil)
        let entry = catalog.entry("twin-a")
        #expect(entry?.state == .quarantined && entry?.since == ManualClock.start)
        #expect(loading.state.withLock { $0.scans } == ["c-echo": 1, "twin-a": 1])
        loading.state.withLock { $0.refusals = [:] }
        try await catalog.retry("twin-a")
        #expect(catalog.plugin("twin-a") != nil)
        #expect(try memory.rememberedPlugins().scans.allSatisfy { (try? $0.outcome.get()) != nil })
    }

    @Test("loads what came with the server into it, without trying it")
    func bundled() async throws {
        try install("c-echo")
        let hash = try PluginFileDigest.read("\(folder)/c-echo/plugin.so").sha256
        try TemporaryFolder.write(Array("\(hash)  c-echo/plugin.so\n".utf8), to: "\(folder)/plugins.sha256")
        let catalog = catalog(bundled: folder)
        try await catalog.begin()
        #expect(catalog.entry("c-echo")?.effectiveIsolation == .inProcess)
        #expect(loading.state.withLock { $0.scans.isEmpty })
        try await catalog.isolate("c-echo", .isolated)
        #expect(catalog.entry("c-echo")?.effectiveIsolation == .isolated)
        #expect(try memory.rememberedPlugins().settings.isolation == ["c-echo": .isolated])
    }

    @Test("pins the first file of an id, keeps a changed one out until it is accepted, and says so after a restart")
    func lock() async throws {
        try install("twin-a", as: "a")
        loading.state.withLock { $0.versions = [:] }
        let path = "\(folder)/c-echo/plugin.so"
        try install("c-echo")
        let first = try await started(lock: true)
        let lock = try PluginLockFile(path: home.path + "/plugins.lock").read()
        let hash = try PluginFileDigest.read(path).sha256
        #expect(lock.pins(hash, as: "c-echo"))
        try TemporaryFolder.write(
            Data(contentsOf: URL(filePath: path)) + Data("more".utf8),
            to: "\(folder)/c-echo/new"
        )
        #expect(rename("\(folder)/c-echo/new", path) == 0)
        try await first.rescan()
        #expect(first.entry("c-echo")?.code == .changed && first.plugin("c-echo") == nil)
        await #expect(throws: PluginActionError.self) { try await first.retry("c-echo") }
        let second = catalog(lock: true)
        try await second.begin()
        #expect(second.entry("c-echo")?.state == .quarantined)
        try await second.accept("c-echo")
        #expect(second.plugin("c-echo") != nil)
    }

    @Test("does not start with a lock that cannot be read, and keeps the one that it has")
    func brokenLock() async throws {
        try install("c-echo")
        let running = try await started(lock: true)
        try TemporaryFolder.write(Array("nonsense".utf8), to: home.path + "/plugins.lock")
        await #expect(throws: CommandFailure.self) { try await running.rescan() }
        #expect(running.plugin("c-echo") != nil)
        await #expect(throws: CommandFailure.self) { try await catalog(lock: true).begin() }
    }

    @Test("lists what is configured and not there as missing")
    func missing() async throws {
        let catalog = try await started()
        catalog.expect(["lost"])
        #expect(catalog.entry("lost")?.state == .missing)
        #expect(catalog.entry("lost")?.reason?.contains("is kept") == true)
    }

    @Test("tries a refused file again after it was repaired")
    func retry() async throws {
        try install("c-echo")
        #expect(chmod("\(folder)/c-echo", 0o777) == 0)
        let catalog = try await started()
        #expect(catalog.entry("c-echo")?.code == .worldWritable)
        #expect(chmod("\(folder)/c-echo", 0o755) == 0)
        try await catalog.retry("c-echo")
        #expect(catalog.entry("c-echo")?.state == .active)
    }

    @Test("starts the process of a plugin again that was given up")
    func retryOfCrashed() async throws {
        try install("c-echo")
        let catalog = try await started()
        let plugin = try #require(catalog.plugin("c-echo") as? SupervisedListing)
        plugin.view.withLock { $0.isGivenUp = true }
        try await catalog.rescan()
        #expect(catalog.entry("c-echo")?.state == .crashed && catalog.plugin("c-echo") == nil)
        try await catalog.retry("c-echo")
        #expect(catalog.plugin("c-echo") != nil)
        #expect(loading.state.withLock { $0.scans } == ["c-echo": 1])
    }

    @Test("keeps the process of a replaced plugin until nobody holds it")
    func replaced() async throws {
        try install("c-echo")
        let catalog = try await started()
        let old = try #require(catalog.use("c-echo"))
        let process = try #require(old.plugin as? SupervisedListing)
        #expect(old.hold())
        try install("twin-a", as: "new")
        #expect(rename("\(folder)/new/plugin.so", "\(folder)/c-echo/plugin.so") == 0)
        loading.state.withLock { $0.refusals = [:] }
        try await catalog.disable("c-echo")
        #expect(!old.hold() && !process.isStopped.withLock { $0 })
        old.release()
        #expect(process.isStopped.withLock { $0 })
    }

    @Test("tells of a change, and of none where there is none")
    func changes() async throws {
        try install("c-echo")
        let count = Mutex(0)
        let catalog = catalog(changed: { count.withLock { $0 += 1 } })
        try await catalog.begin()
        try await catalog.rescan()
        let calls = count.withLock { $0 }
        #expect(calls > 0)
        try await catalog.rescan()
        #expect(count.withLock { $0 } == calls)
    }

    @Test("keeps the list for who asks when it is not there")
    func list() async throws {
        try install("c-echo")
        let catalog = try await started()
        await catalog.keepList()
        let kept = String(decoding: try memory.rememberedPlugins().list, as: UTF8.self)
        #expect(kept == String(decoding: PluginEntry.json(of: catalog.entries), as: UTF8.self))
    }

    @Test("picks a folder up that appears while it is watched")
    func watch() async throws {
        let (changes, continuation) = AsyncStream.makeStream(of: Void.self)
        let catalog = catalog(changed: { continuation.yield() })
        try await catalog.begin()
        let watch = FolderWatch([folder], settleMilliseconds: 20) { catalog.look() }
        #expect(watch.start())
        defer { watch.stop() }
        try install("c-echo")
        for await _ in changes where catalog.plugin("c-echo") != nil { return }
        Issue.record("The watch ended without the plugin.")
    }
}
