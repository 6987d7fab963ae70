import FoundationEssentials
import Glibc
import Testing

@testable import Host

@Suite("The plugin lock")
struct PluginLockTests {
    private let one = String(repeating: "1a", count: 32)
    private let two = String(repeating: "2b", count: 32)

    @Test("reads lines as sha256sum writes them, and comments of people")
    func lines() throws {
        let lock = try PluginLock("# mine\n\n\(one)  box\r\n\(two.uppercased()) *crate\n")
        #expect(lock.admits(one, as: "box") && !lock.admits(two, as: "box"))
        #expect(lock.admits(two, as: "crate") && lock.admits(two, as: "new"))
        #expect(try PluginLock(lock.text) == lock)
    }

    @Test("lets in each of several files of an id, until one is accepted")
    func several() throws {
        var lock = try PluginLock("\(one)  box\n\(two)  box\n")
        #expect(lock.admits(one, as: "box") && lock.admits(two, as: "box"))
        lock.pin(two, as: "box")
        #expect(!lock.admits(one, as: "box") && lock.pins(two, as: "box"))
    }

    @Test(
        "names a line that cannot be read",
        arguments: ["box", "123  box", "\(String(repeating: "g", count: 64))  box"]
    )
    func broken(line: String) throws {
        let fault = #expect(throws: HashList.Fault.self) { try PluginLock("# first\n\(line)\n") }
        #expect(fault == HashList.Fault(line: 2, text: line))
    }

    @Test("names a line without an id, and one whose id has blanks", arguments: ["", "  ", "  a box"])
    func brokenName(rest: String) throws {
        #expect(throws: HashList.Fault.self) { try PluginLock(one + rest) }
    }

    @Test("is a file that is not there at first, is for its owner alone, and is refused in words when it is broken")
    func file() throws {
        let folder = try TemporaryFolder()
        let file = PluginLockFile(path: folder.path + "/plugins.lock")
        var lock = try file.read()
        #expect(lock == PluginLock())
        lock.pin(one, as: "box")
        try file.write(lock)
        #expect(try file.read() == lock)
        var status = stat()
        #expect(stat(file.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        try folder.write("plugins.lock", Array("nonsense\n".utf8))
        let error = #expect(throws: CommandFailure.self) { try file.read() }
        #expect(error?.message.contains("plugins.lock, line 1") == true && error?.message.contains("nonsense") == true)
    }
}

@Suite("The list of bundled plugins")
struct BundledPinsTests {
    private let folder: TemporaryFolder
    private let one = String(repeating: "1a", count: 32)

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("is read, and is empty where there is none")
    func reads() throws {
        #expect(try BundledPins.read(in: folder.path) == [])
        try folder.write("plugins.sha256", Array("\(one)  box/plugin.so\n".utf8))
        #expect(try BundledPins.read(in: folder.path) == [one])
    }

    @Test("does not count when others could have written it")
    func writable() throws {
        let path = try folder.write("plugins.sha256", Array("\(one)  box/plugin.so\n".utf8))
        #expect(chmod(path, 0o666) == 0)
        #expect(throws: CommandFailure.self) { try BundledPins.read(in: folder.path) }
    }
}
