import FoundationEssentials
import Glibc
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

/// Switches in memory.
private final class MemorySwitches: PluginSwitches {
    private let disabled: Mutex<Set<String>>

    init(_ disabled: Set<String> = []) {
        self.disabled = Mutex(disabled)
    }

    func load() throws -> Set<String> { disabled.withLock { $0 } }

    func setDisabled(_ id: String, _ isDisabled: Bool) throws {
        disabled.withLock { ids in
            if isDisabled { ids.insert(id) } else { ids.remove(id) }
        }
    }
}

@Suite("The catalog of plugins", .timeLimit(.minutes(1)))
struct PluginCatalogTests {
    private let home: TemporaryFolder
    private var folder: String { home.path + "/first" }

    init() throws {
        home = try TemporaryFolder()
        #expect(mkdir(folder, 0o755) == 0)
    }

    private func install(_ id: String, in folder: String? = nil, as name: String? = nil) throws {
        let source = FixturePlugins.candidate(id).path
        try TemporaryFolder.copy(source, to: "\(folder ?? self.folder)/\(name ?? id)/plugin.so")
    }

    private func catalog(_ switches: MemorySwitches = MemorySwitches()) throws -> PluginCatalog {
        let catalog = PluginCatalog(PluginFolders([folder]), switches: switches)
        try catalog.loadSwitches()
        catalog.scan()
        return catalog
    }

    @Test("lists good and bad plugins by id, and one bad file stops no other")
    func mixed() throws {
        for id in ["wrong-magic", "c-echo", "missing-library"] { try install(id) }
        try TemporaryFolder.write(Array("text".utf8), to: "\(folder)/notes.so")
        try TemporaryFolder.write(Array("text".utf8), to: "\(folder)/README")
        let catalog = try catalog()
        #expect(catalog.entries.map(\.id) == ["c-echo", "missing-library", "notes", "wrong-magic"])
        #expect(catalog.entries.map(\.state) == [.active, .failed, .incompatible, .incompatible])
        #expect(catalog.plugin("c-echo") != nil && catalog.plugin("wrong-magic") == nil)
    }

    @Test("takes a bare library under any file name")
    func bare() throws {
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: "\(folder)/libSomething.so")
        #expect(try catalog().entries.map(\.id) == ["c-echo"])
    }

    @Test("uses the first of two plugins with the same id and version, and says where the other is")
    func superseded() throws {
        let second = home.path + "/second"
        try install("c-echo")
        try install("c-echo", in: second)
        let catalog = PluginCatalog(PluginFolders(list: "\(folder):\(second)"), switches: MemorySwitches())
        catalog.scan()
        let states = Dictionary(uniqueKeysWithValues: catalog.entries.map { ($0.path, $0) })
        #expect(states["\(folder)/c-echo/plugin.so"]?.state == .active)
        let other = try #require(states["\(second)/c-echo/plugin.so"])
        #expect(other.state == .superseded)
        #expect(other.reason?.contains("\(folder)/c-echo/plugin.so") == true)
        #expect(catalog.entry("c-echo")?.state == .active)
    }

    @Test("uses the highest version of an id", arguments: [["1.9.0", "1.10.0"], ["1.10.0", "1.9.0"]])
    func highestVersion(versions: [String]) throws {
        try install("c-echo", as: "a")
        try install("c-echo", as: "b")
        let loaded = try PluginLoader.load(FixturePlugins.candidate("c-echo"))
        let catalog = PluginCatalog(
            PluginFolders([folder]),
            switches: MemorySwitches(),
            load: { candidate in
                var manifest = loaded.manifest
                manifest.version = candidate.id == "a" ? versions[0] : versions[1]
                return .success(
                    LoadedPlugin(
                        manifest: manifest,
                        path: candidate.path,
                        minor: 0,
                        functions: loaded.functions,
                        threads: loaded.threads
                    )
                )
            }
        )
        catalog.scan()
        #expect(catalog.plugin("c-echo")?.manifest.version == "1.10.0")
        let superseded = catalog.entries.first { $0.state == .superseded }
        #expect(superseded?.reason?.contains("1.9.0") == true && superseded?.reason?.contains("1.10.0") == true)
    }

    @Test("does not load what is switched off until it is switched on, and remembers the switch")
    func disabled() throws {
        try install("c-echo")
        let switches = MemorySwitches(["c-echo"])
        let catalog = try catalog(switches)
        #expect(catalog.entry("c-echo")?.state == .disabled)
        #expect(catalog.entry("c-echo")?.manifest == nil)
        try catalog.enable("c-echo")
        #expect(catalog.plugin("c-echo") != nil)
        #expect(try switches.load() == [])
        try catalog.disable("c-echo")
        #expect(catalog.plugin("c-echo") == nil)
        #expect(catalog.entry("c-echo")?.manifest?.name == "C echo")
        #expect(try switches.load() == ["c-echo"])
    }

    @Test("says that there is no plugin of an id")
    func unknown() throws {
        let error = try #require(throws: PluginError.self) { try catalog().enable("nothing") }
        #expect(error.code.value == .notFound)
        #expect(error.message.contains("nothing"))
    }

    @Test("lists what is configured and not there as missing")
    func missing() throws {
        let catalog = try catalog()
        catalog.expect(["lost"])
        #expect(catalog.entry("lost")?.state == .missing)
        #expect(catalog.entry("lost")?.reason?.contains("is kept") == true)
    }

    @Test("tries a refused file again after it was repaired")
    func retry() throws {
        try install("c-echo")
        #expect(chmod("\(folder)/c-echo", 0o777) == 0)
        let catalog = try catalog()
        #expect(catalog.entry("c-echo")?.code == .worldWritable)
        #expect(chmod("\(folder)/c-echo", 0o755) == 0)
        try catalog.retry("c-echo")
        #expect(catalog.entry("c-echo")?.state == .active)
    }

    @Test("says that a restart is needed when the file of a loaded plugin has changed")
    func changed() throws {
        try install("c-echo")
        let catalog = try catalog()
        try install("wrong-magic", as: "new")
        #expect(rename("\(folder)/new/plugin.so", "\(folder)/c-echo/plugin.so") == 0)
        catalog.scan()
        let entry = try #require(catalog.entry("c-echo"))
        #expect(entry.state == .active && entry.code == .restartNeeded)
        #expect(entry.reason?.contains("Restart needed") == true)
    }

    @Test("lists a loaded plugin whose file was removed as missing, and takes it back")
    func removed() throws {
        try install("c-echo")
        let catalog = try catalog()
        #expect(rename("\(folder)/c-echo", "\(folder)/.c-echo") == 0)
        catalog.scan()
        #expect(catalog.entry("c-echo")?.state == .missing)
        #expect(catalog.plugin("c-echo") == nil)
        #expect(rename("\(folder)/.c-echo", "\(folder)/c-echo") == 0)
        catalog.scan()
        #expect(catalog.plugin("c-echo") != nil)
    }

    @Test("tells of a change once")
    func changes() throws {
        try install("c-echo")
        let count = Mutex(0)
        let catalog = PluginCatalog(
            PluginFolders([folder]),
            switches: MemorySwitches(),
            changed: { _ in count.withLock { $0 += 1 } }
        )
        catalog.scan()
        catalog.scan()
        let calls = count.withLock { $0 }
        #expect(calls == 1)
    }

    @Test("picks a folder up that appears while it is watched")
    func watch() async throws {
        let (changes, continuation) = AsyncStream.makeStream(of: [PluginEntry].self)
        let catalog = PluginCatalog(
            PluginFolders([folder]),
            switches: MemorySwitches(),
            changed: { _ = continuation.yield($0) }
        )
        let watch = FolderWatch([folder], settleMilliseconds: 20) { catalog.scan() }
        #expect(watch.start())
        defer { watch.stop() }
        try install("c-echo")
        for await entries in changes where entries.contains(where: { $0.id == "c-echo" && $0.state == .active }) {
            return
        }
        Issue.record("The watch ended without the plugin.")
    }
}

@Suite("Versions of plugins")
struct SemanticVersionTests {
    @Test(
        "have an order",
        arguments: [
            ("1.9.0", "1.10.0"), ("1.0.0-beta.2", "1.0.0-beta.11"), ("1.0.0-rc.1", "1.0.0"),
            ("1.0.0-alpha", "1.0.0-beta"),
            ("1.0.0-1", "1.0.0-alpha"), ("1", "1.0.1"),
        ]
    )
    func order(lower: String, higher: String) {
        #expect(SemanticVersion(lower) < SemanticVersion(higher))
        #expect(!(SemanticVersion(higher) < SemanticVersion(lower)))
    }

    @Test("are equal whatever their build is", arguments: [("1.0.0+a", "1.0.0+b"), ("1.0", "1.0.0")])
    func equal(first: String, second: String) {
        #expect(SemanticVersion(first) == SemanticVersion(second))
    }
}
