import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

@Suite("The stages of a plugin file")
struct PluginShelfTests {
    private static let crash = PluginRefusal(.quarantined, .crashedOnLoad, "It crashed while it was loaded.")
    private static let library = PluginRefusal(.failed, .missingLibrary, "libx is not installed.")

    @Test("a file that was dropped in is read, tried alone, and used in a process of its own")
    func droppedIn() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.rescan()
        #expect(bench.done == ["look a", "scan a", "load a isolated"])
        let entry = bench.entry("a")
        #expect(entry?.state == .active && entry?.effectiveIsolation == .isolated && entry?.runner != nil)
        #expect(entry?.sha256 == "1" && bench.kept.map(\.sha256) == ["1"])
    }

    @Test("a file that came with the server is loaded into it at once")
    func bundled() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.shelf.bundled = ["1"]
        bench.rescan()
        #expect(bench.done == ["look a", "load a in-process"])
        #expect(bench.entry("a")?.effectiveIsolation == .inProcess && bench.entry("a")?.runner == nil)
    }

    @Test(
        "a person decides where a file runs; what did not come with the server is tried first all the same",
        arguments: [
            ("1", IsolationSetting.inProcess, ["look a", "load a in-process"]),
            ("1", .isolated, ["look a", "scan a", "load a isolated"]),
            ("other", .inProcess, ["look a", "scan a", "load a in-process"]),
        ]
    )
    func setting(bundled: String, setting: IsolationSetting, steps: [String]) {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.shelf.bundled = [bundled]
        bench.shelf.settings.isolation["a"] = setting
        bench.rescan()
        #expect(bench.done == steps)
    }

    @Test("a file whose bytes were tried before is not tried again, whatever its name is")
    func cached() {
        var bench = ShelfBench(["b": .init(id: "a", hash: "1")])
        let scanned = ScannedPlugin(minor: 0, manifest: ShelfBench.manifest("a", "1.0.0"))
        bench.shelf.scans["1"] = PluginScan(sha256: "1", outcome: .success(scanned), time: bench.now)
        bench.rescan()
        #expect(bench.done == ["look b", "load b isolated"])
    }

    @Test("a file that crashed is quarantined, and not tried again until it is another one or a person says so")
    func quarantine() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1", refusal: Self.crash)])
        bench.rescan()
        let since = bench.now
        bench.now += 3600
        bench.forgetDone()
        bench.rescan()
        #expect(bench.done == ["look a"])
        let entry = bench.entry("a")
        #expect(entry?.state == .quarantined && entry?.reason == Self.crash.reason && entry?.since == since)
        #expect(entry?.actions.contains(.retry) == true)
        bench.files["a"]?.refusal = nil
        #expect(bench.shelf.forgetFailures(of: "a") == ["1"])
        bench.settle()
        #expect(bench.entry("a")?.state == .active)
        bench.files["a"] = .init(id: "a", hash: "2", refusal: Self.crash)
        bench.rescan()
        #expect(bench.entry("a")?.state == .quarantined)
    }

    @Test("what repairs itself from outside is not kept, and tried again at every look")
    func passing() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1", refusal: Self.library)])
        bench.rescan()
        #expect(bench.entry("a")?.state == .failed && bench.kept.isEmpty)
        bench.files["a"]?.refusal = nil
        bench.rescan()
        #expect(bench.entry("a")?.state == .active)
    }

    @Test("a file that hangs holds no other one up, and so many are tried at once as were said")
    func sideBySide() {
        var bench = ShelfBench()
        for name in ["a", "b", "c", "d"] { bench.files[name] = .init(id: name, hash: name) }
        bench.holding = ["a", "b", "c"]
        bench.rescan()
        #expect(bench.held.count == 2)
        #expect(bench.entry("a")?.state == .discovered && bench.shelf.isBusy(.everything))
        #expect(!bench.shelf.isBusy(.allButScans))
        bench.letGo()
        #expect(bench.entries.allSatisfy { $0.state == .active })
    }

    @Test("one of two that may run at once hangs, and all others are used")
    func hanging() {
        var bench = ShelfBench()
        for name in ["a", "b", "c", "d"] { bench.files[name] = .init(id: name, hash: name) }
        bench.holding = ["a"]
        bench.rescan()
        #expect(bench.entries.map(\.state) == [.discovered, .active, .active, .active])
    }

    @Test("a file that is switched off is read and not run")
    func disabled() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1", previews: true)])
        bench.shelf.settings.disabled = ["a"]
        bench.rescan()
        #expect(bench.done == ["look a"])
        #expect(bench.entry("a")?.state == .disabled && bench.entry("a")?.name == "A")
        #expect(bench.entry("a")?.actions == [.enable, .isolate])
    }

    @Test("the highest version of an id is used, and only that one is loaded")
    func highest() {
        var bench = ShelfBench(["a": .init(id: "x", version: "1.9.0", hash: "1")])
        bench.files["b"] = .init(id: "x", version: "1.10.0", hash: "2")
        bench.rescan()
        #expect(bench.active("x")?.plugin.path == "/p/b/plugin.so")
        #expect(bench.entry("a")?.state == .superseded && bench.entry("a")?.actions == [])
        bench.files["b"] = nil
        bench.rescan()
        #expect(bench.active("x")?.plugin.path == "/p/a/plugin.so")
        #expect(bench.left.map(\.plugin.manifest.version) == ["1.10.0"])
    }

    @Test("a newer version takes over when it is ready, and not before")
    func takesOver() {
        var bench = ShelfBench(["a": .init(id: "x", hash: "1")])
        bench.rescan()
        bench.files["b"] = .init(id: "x", version: "2.0.0", hash: "2")
        bench.holding = ["b"]
        bench.rescan()
        #expect(bench.active("x")?.sha256 == "1" && bench.left.isEmpty)
        bench.letGo()
        #expect(bench.active("x")?.sha256 == "2" && bench.left.map(\.sha256) == ["1"])
    }

    @Test("another file under the same name takes over in a process of its own")
    func replaced() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.rescan()
        bench.files["a"] = .init(id: "a", version: "1.1.0", hash: "2")
        bench.rescan()
        #expect(bench.active("a")?.sha256 == "2" && bench.left.map(\.sha256) == ["1"])
        #expect(bench.entry("a")?.code == nil)
    }

    @Test(
        "another file that is refused leaves the process of the one before to go on until it ends, and says why",
        arguments: [Self.crash, Self.library, nil]
    )
    func refusedReplacement(refusal: PluginRefusal?) throws {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.rescan()
        let use = bench.active("a")
        let old = try #require(use?.plugin as? SupervisedListing)
        old.view.withLock { $0.pid = 7 }
        bench.now += 60
        // Without a refusal of its own the file cannot even be read.
        bench.files["a"] = refusal.map { .init(id: "a", version: "1.1.0", hash: "2", refusal: $0) }
        bench.shelf.update([ShelfBench.candidate("a")])
        bench.settle()
        let entry = bench.entry("a")
        #expect(entry?.state == .active && entry?.version == "1.0.0" && entry?.sha256 == "1")
        #expect(entry?.code == refusal?.code ?? .unreadable && entry?.actions.contains(.retry) == true)
        #expect(entry?.since == bench.now)
        #expect(entry?.reason?.hasPrefix("The process of version 1.0.0 goes on until it ends. ") == true)
        #expect(bench.active("a")?.sha256 == "1" && bench.left.isEmpty)
        old.view.withLock { $0.pid = nil }
        bench.settle()
        #expect(bench.entry("a")?.state == refusal?.state ?? .failed)
        #expect(bench.active("a") == nil && bench.left.map(\.sha256) == ["1"])
    }

    @Test("another file that is refused and then mended takes over from the process of the one before")
    func mendedReplacement() throws {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.rescan()
        (bench.active("a")?.plugin as? SupervisedListing)?.view.withLock { $0.pid = 7 }
        bench.files["a"] = .init(id: "a", version: "1.1.0", hash: "2", refusal: Self.crash)
        bench.rescan()
        bench.files["a"]?.refusal = nil
        _ = bench.shelf.forgetFailures(of: "a")
        bench.settle()
        #expect(bench.active("a")?.sha256 == "2" && bench.entry("a")?.code == nil)
        #expect(bench.left.map(\.sha256) == ["1"])
    }

    @Test("another file under the name of one that is loaded into the server needs a restart")
    func restartNeeded() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.shelf.bundled = ["1", "2"]
        bench.rescan()
        bench.files["a"] = .init(id: "a", version: "1.1.0", hash: "2")
        bench.rescan()
        let entry = bench.entry("a")
        #expect(entry?.state == .active && entry?.code == .restartNeeded && entry?.version == "1.0.0")
        #expect(bench.active("a")?.sha256 == "1")
    }

    @Test("a plugin that is moved out of the server is used from its own process at once, and says what is left to do")
    func movedOut() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.shelf.bundled = ["1"]
        bench.rescan()
        bench.shelf.settings.isolation["a"] = .isolated
        bench.settle()
        #expect(bench.active("a")?.mode == .isolated)
        #expect(bench.entry("a")?.code == .restartNeeded && bench.entry("a")?.state == .active)
        bench.shelf.settings.isolation["a"] = .inProcess
        bench.settle()
        #expect(bench.active("a")?.mode == .inProcess && bench.entry("a")?.code == nil)
        #expect(bench.left.map(\.mode) == [.inProcess, .isolated])
    }

    @Test(
        "a plugin that the server died in is kept out of it",
        arguments: [
            (IsolationSetting.auto, PluginState.active, PluginRefusal.Code.movedToIsolated),
            (.inProcess, .quarantined, .crashedServer),
        ]
    )
    func fault(setting: IsolationSetting, state: PluginState, code: PluginRefusal.Code) {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        let time = bench.now - 60
        bench.shelf.bundled = ["1"]
        bench.shelf.settings.isolation["a"] = setting == .auto ? nil : setting
        bench.shelf.faults["1"] = PluginFault(sha256: "1", id: "a", words: "It crashed.", time: time)
        bench.rescan()
        let entry = bench.entry("a")
        #expect(entry?.state == state && entry?.code == code && entry?.since == time)
        #expect(entry?.reason?.hasPrefix("It crashed. ") == true && entry?.actions.contains(.retry) == true)
        #expect(bench.active("a")?.mode == (setting == .auto ? .isolated : nil))
        _ = bench.shelf.forgetFailures(of: "a")
        bench.settle()
        #expect(bench.active("a")?.mode == .inProcess && bench.entry("a")?.code == nil)
    }

    @Test("a fault of other bytes does not count")
    func otherFault() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.shelf.bundled = ["1"]
        bench.shelf.faults["2"] = PluginFault(sha256: "2", id: "a", words: "It crashed.", time: bench.now)
        bench.rescan()
        #expect(bench.active("a")?.mode == .inProcess)
    }

    @Test("a file that is not the pinned one is not run until it is accepted; the pinned one goes on elsewhere")
    func lock() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.shelf.lock = PluginLock()
        bench.shelf.lock?.pin("1", as: "a")
        bench.rescan()
        #expect(bench.entry("a")?.state == .active)
        bench.files["a"]?.hash = "2"
        bench.forgetDone()
        bench.rescan()
        #expect(bench.done == ["look a"])
        let entry = bench.entry("a")
        #expect(entry?.state == .quarantined && entry?.code == .changed && entry?.actions.contains(.accept) == true)
        #expect(bench.active("a") == nil && bench.left.map(\.sha256) == ["1"])
        #expect(bench.shelf.strangerHash(of: "a") == "2")
        bench.shelf.lock?.pin("2", as: "a")
        bench.settle()
        #expect(bench.active("a")?.sha256 == "2")
        #expect(bench.shelf.strangerHash(of: "a") == nil)
    }

    @Test("a plugin whose process has ended too often is not used until a person tries again")
    func crashed() throws {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.rescan()
        let plugin = try #require(bench.active("a")?.plugin as? SupervisedListing)
        plugin.view.withLock { $0 = RunnerView(crashes: 10, lastEnd: "has crashed: signal 11", isGivenUp: true) }
        let entry = bench.entry("a")
        #expect(entry?.state == .crashed && entry?.runner?.crashes == 10)
        #expect(entry?.reason?.contains("signal 11") == true && entry?.actions.contains(.retry) == true)
        #expect(bench.active("a") == nil)
        plugin.retry()
        #expect(bench.active("a") != nil && bench.entry("a")?.state == .active)
    }

    @Test("what is configured and not there is missing, as is what was loaded into the server and is gone")
    func missing() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1")])
        bench.shelf.bundled = ["1"]
        bench.shelf.expected = ["a", "b"]
        bench.rescan()
        #expect(bench.entries.map(\.state) == [.active, .missing])
        bench.files = [:]
        bench.rescan()
        #expect(bench.entries.map(\.state) == [.missing, .missing] && bench.active("a") == nil)
    }

    @Test("a folder must have the name of the plugin in it")
    func misplaced() {
        var bench = ShelfBench()
        let candidate = PluginCandidate(id: "b", path: "/p/b/plugin.so", folder: "/p/b", hasOwnFolder: true)
        bench.files["b"] = .init(id: "a", hash: "1")
        bench.shelf.update([candidate])
        bench.settle()
        #expect(bench.entry("b")?.code == .otherFolder && bench.active("a") == nil)
    }

    @Test("a time stays while the state does, also over a restart")
    func since() {
        var bench = ShelfBench(["a": .init(id: "a", hash: "1", refusal: Self.library)])
        bench.rescan()
        let first = bench.entry("a")?.since
        bench.now += 60
        bench.rescan()
        #expect(bench.entry("a")?.since == first)
        let json = PluginEntry.json(of: bench.entries)
        var next = ShelfBench(bench.files)
        next.now = bench.now + 3600
        next.shelf.stamps = PluginStamps(PluginEntry.list(fromJSON: json))
        next.shelf.update([ShelfBench.candidate("a")])
        #expect(next.entry("a")?.since == next.now)
        next.settle()
        #expect(next.entry("a")?.since == first)
        next.files["a"]?.refusal = nil
        next.rescan()
        #expect(next.entry("a")?.since == next.now)
    }
}
