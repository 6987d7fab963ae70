import FoundationEssentials
import PluginHosting
import Testing

@testable import Host

/// What the next start finds.
///
/// How it gets there when a process really dies is tested end to end.
struct CrashSentinelTests {
    private let folder: TemporaryFolder
    private let runs: Runs
    private var path: String { runs.path }

    init() throws {
        folder = try TemporaryFolder()
        runs = Runs(folder.path + "/plugins.sentinel")
    }

    private func open(boot: String = "boot 1") throws -> CrashSentinel {
        try runs.begin(boot)
    }

    private func candidate(_ id: String = "example") -> PluginCandidate {
        PluginCandidate(id: id, path: "\(folder.path)/\(id).so", folder: folder.path, hasOwnFolder: false)
    }

    private func found(_ phase: LastCrash.Phase, id: String = "example") -> LastCrash {
        LastCrash(id: id, sha256: "abc", cause: .sudden, phase: phase, whileEnding: false, time: nil)
    }

    @Test("A first run knows of nothing")
    func firstRun() throws {
        #expect(try open().lastRun == LastRun())
    }

    @Test("A plugin that was called when the process was gone is named")
    func calling() throws {
        let last = try open().mark(for: candidate(), sha256: "abc").call { Result { try open().lastRun } }
        #expect(try last.get().crashes == [found(.calling)])
    }

    @Test("A plugin that was loaded when the process was gone is named")
    func loading() throws {
        let last = try open().mark(for: candidate(), sha256: "abc").load { Result { try open().lastRun } }
        #expect(try last.get().crashes == [found(.loading)])
    }

    @Test("Every plugin that was called is named, and no other")
    func several() throws {
        let sentinel = try open()
        let marks = ["a", "b", "c"].map { sentinel.mark(for: candidate($0), sha256: "abc") }
        let last = marks[0].call { marks[2].call { Result { try open().lastRun } } }
        #expect(try last.get().crashes == [found(.calling, id: "a"), found(.calling, id: "c")])
    }

    @Test("A plugin whose calls have ended is not named")
    func ended() throws {
        let mark = try open().mark(for: candidate(), sha256: "abc")
        mark.load { mark.call {} }
        #expect(try open().lastRun == LastRun())
    }

    @Test("Nobody is named after the machine was started anew")
    func otherBoot() throws {
        let last = try open().mark(for: candidate(), sha256: "abc").call { Result { try open(boot: "boot 2").lastRun } }
        #expect(try last.get() == LastRun())
    }

    @Test("Nobody is named after an orderly end")
    func orderlyEnd() throws {
        let sentinel = try open()
        let last = sentinel.mark(for: candidate(), sha256: "abc").call {
            sentinel.endInOrder()
            return Result { try open().lastRun }
        }
        #expect(try last.get() == LastRun())
    }

    @Test("What was found is not found again")
    func once() throws {
        let mark = try open().mark(for: candidate(), sha256: "abc")
        #expect(try mark.call { Result { try open().lastRun } }.get().crashes.count == 1)
        #expect(try open().lastRun == LastRun())
    }

    @Test("The hash is that of the file when nobody has computed it")
    func hash() throws {
        try Data("abc".utf8).write(to: URL(filePath: candidate().path))
        let last = try open().mark(for: candidate()).call { Result { try open().lastRun } }
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(try last.get().crashes.map(\.sha256) == [hash])
    }

    @Test("Plugins beyond the limit are used without a mark")
    func limit() throws {
        let sentinel = try open()
        let marks = (0...128).map { sentinel.mark(for: candidate("p\($0)"), sha256: "abc") }
        #expect(try marks[127].call { Result { try open().lastRun } }.get().crashes == [found(.calling, id: "p127")])
        #expect(try marks[128].call { Result { try open().lastRun } }.get() == LastRun())
    }

    @Test("A file that somebody has written over is ignored", arguments: [0, 1, 100, 27_000, 40_000])
    func nonsense(size: Int) throws {
        try Data(repeating: 0x5A, count: size).write(to: URL(filePath: path))
        #expect(try open().lastRun == LastRun())
        let last = try open().mark(for: candidate(), sha256: "abc").call { Result { try open().lastRun } }
        #expect(try last.get().crashes == [found(.calling)])
    }

    @Test("A path where no file can be is an error that names it")
    func noPlace() throws {
        let error = #expect(throws: CommandFailure.self) { try CrashSentinel("/proc/none", now: Date()) }
        #expect(error?.message.contains("/proc/none") == true)
    }
}

/// Runs of a server, one after the other; the last one ends in order, so that nothing is left in the shared memory.
private final class Runs {
    let path: String
    private var last: CrashSentinel?

    init(_ path: String) {
        self.path = path
    }

    deinit { last?.endInOrder() }

    func begin(_ boot: String) throws -> CrashSentinel {
        let sentinel = try CrashSentinel(path, bootID: boot, now: Date(timeIntervalSince1970: 1_800_000_000))
        last = sentinel
        return sentinel
    }
}
