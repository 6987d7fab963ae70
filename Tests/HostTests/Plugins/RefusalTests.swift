import CKinodockPlugin
import FoundationEssentials
import Glibc
import PluginAPI
import Testing

@testable import Host
@testable import PluginHosting

@Suite("Refusals of plugins", .timeLimit(.minutes(1)))
struct RefusalTests {
    private let home: TemporaryFolder
    private var folder: String { home.path }

    init() throws {
        home = try TemporaryFolder()
    }

    private func refusal(_ candidate: PluginCandidate) throws -> PluginRefusal {
        try #require(throws: PluginRefusal.self) { _ = try PluginLoader.load(candidate) }
    }

    @Test(
        "say what is wrong in a table, with both values",
        arguments: [
            ("wrong-magic", PluginRefusal.Code.wrongMagic, PluginState.incompatible, ["0x12345678", "0x4b444b31"]),
            ("short-table", .shortTable, .incompatible, ["40 bytes", "\(56)"]),
            ("newer-major", .newerMajor, .incompatible, ["version 2", "version 1", "update the server"]),
            ("other-major", .otherMajor, .incompatible, ["version 3", "version 1"]),
            ("host-too-old", .hostTooOld, .incompatible, ["1.7", "1.\(KINODOCK_ABI_MINOR)", "update the server"]),
            ("no-symbol", .noEntry, .incompatible, ["kinodock_plugin_v1", "docs/plugin-authors.md"]),
            ("null-table", .noTable, .failed, ["no table"]),
            ("null-manifest", .badManifest, .failed, ["no manifest"]),
            ("bad-manifest", .badManifest, .failed, ["cannot be read"]),
            ("bad-id", .badID, .failed, ["Bad Id", "lower-case letters"]),
            ("no-function", .missingFunction, .failed, ["invoke"]),
            ("no-kind", .noKnownKind, .incompatible, ["coffee_machine", "download_client"]),
            ("long-manifest", .badManifest, .failed, ["1048576 bytes"]),
            ("no-utf8", .badManifest, .failed, ["cannot be read"]),
            ("wrong-types", .badManifest, .failed, ["version must be of type String"]),
            ("missing-library", .missingLibrary, .failed, ["libnonsense.so.9", "install it"]),
        ]
    )
    func table(fault: String, code: PluginRefusal.Code, state: PluginState, words: [String]) throws {
        let refusal = try refusal(FixturePlugins.fault(fault))
        #expect(refusal.code == code)
        #expect(refusal.state == state)
        for word in words { #expect(refusal.reason.contains(word)) }
    }

    @Test("name the folder and the id when they differ")
    func otherFolder() throws {
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: "\(folder)/renamed/plugin.so")
        let refusal = try refusal(FixturePlugins.candidate("renamed", in: folder))
        #expect(refusal.code == .otherFolder)
        #expect(refusal.reason.contains("from renamed to c-echo"))
    }

    @Test(
        "come for files that are no library of this machine",
        arguments: [
            ("a text", Array("hello".utf8), PluginRefusal.Code.notALibrary, "no ELF file"),
            ("nothing", [], .notALibrary, "no ELF file"),
            ("32 bits", ForgedELF.header(bits: 1), .otherMachine, "32-bit"),
            ("big-endian", ForgedELF.header(order: 2), .otherMachine, "big-endian"),
            ("another machine", ForgedELF.header(machine: 21), .otherMachine, "machine number 21"),
            ("a program", ForgedELF.header(type: 2), .notALibrary, "type 2"),
            ("a header alone", ForgedELF.header(sections: 30), .truncated, "copy it again"),
            ("half a header", Array(ForgedELF.header().prefix(20)), .truncated, "copy it again"),
            ("no symbols", ForgedELF.header(), .noEntry, "kinodock_plugin_v1"),
            ("sections beyond all numbers", ForgedELF.header(sections: 1, at: .max - 1), .truncated, "copy it again"),
            (
                "a section that ends beyond all numbers",
                ForgedELF.library([.init(kind: 11, offset: .max - 8, size: 64)]), .truncated, "copy it again"
            ),
            (
                "names in a section that is not in the file",
                ForgedELF.library([.init(kind: 11, size: 48, link: 1), .init(kind: 8, offset: .max, size: .max)]),
                .noEntry, "kinodock_plugin_v1"
            ),
            (
                "names in a section that there is not",
                ForgedELF.library([.init(kind: 11, size: 48, link: .max)]), .noEntry, "kinodock_plugin_v1"
            ),
            (
                "symbols of a size beyond all numbers",
                ForgedELF.library([.init(kind: 11, size: 48, link: 1, entrySize: .max), .init(kind: 3, size: 64)]),
                .noEntry, "kinodock_plugin_v1"
            ),
        ]
    )
    func otherFiles(name: String, bytes: [UInt8], code: PluginRefusal.Code, words: String) throws {
        try TemporaryFolder.write(bytes, to: "\(folder)/x/plugin.so")
        let refusal = try refusal(FixturePlugins.candidate("x", in: folder))
        #expect(refusal.code == code)
        #expect(refusal.reason.contains(words))
    }

    @Test("come for a library cut at any place, without reading past its end")
    func cut() throws {
        let whole = try Data(contentsOf: URL(filePath: FixturePlugins.candidate("c-echo").path))
        for length in stride(from: 0, to: whole.count, by: 509) {
            let isWhole =
                (try? ELFFile(ELFSource(whole.prefix(length))))?.exports(prefix: "kinodock_plugin_v") == [
                    "kinodock_plugin_v1"
                ]
            #expect(!isWhole)
        }
        #expect(try ELFFile(ELFSource(whole)).exports(prefix: "kinodock_plugin_v") == ["kinodock_plugin_v1"])
    }

    @Test("come for a file or folder that every user can change", arguments: ["/plugin.so", ""])
    func worldWritable(part: String) throws {
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: "\(folder)/c-echo/plugin.so")
        #expect(chmod("\(folder)/c-echo\(part)", 0o777) == 0)
        let refusal = try refusal(FixturePlugins.candidate("c-echo", in: folder))
        #expect(refusal.code == .worldWritable)
        #expect(refusal.reason.contains("mode 777") && refusal.reason.contains("chmod o-w \(folder)/c-echo\(part)"))
    }

    @Test("name both users when a file belongs to another one", .enabled(if: geteuid() == 0))
    func foreignOwner() throws {
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: "\(folder)/c-echo/plugin.so")
        #expect(chown("\(folder)/c-echo/plugin.so", 12345, 12345) == 0)
        let refusal = try refusal(FixturePlugins.candidate("c-echo", in: folder))
        #expect(refusal.code == .foreignOwner)
        #expect(refusal.reason.contains("user 12345") && refusal.reason.contains("user 0"))
    }

    @Test("come for a file that may not be read", .enabled(if: geteuid() != 0, "root may read everything"))
    func unreadable() throws {
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: "\(folder)/c-echo/plugin.so")
        #expect(chmod("\(folder)/c-echo/plugin.so", 0) == 0)
        #expect(try refusal(FixturePlugins.candidate("c-echo", in: folder)).code == .unreadable)
    }

    @Test("come for a folder in place of the file, and for a link to nothing")
    func notAFile() throws {
        #expect(mkdir("\(folder)/a", 0o755) == 0 && mkdir("\(folder)/a/plugin.so", 0o755) == 0)
        #expect(mkdir("\(folder)/b", 0o755) == 0 && symlink("nowhere", "\(folder)/b/plugin.so") == 0)
        for id in ["a", "b"] {
            #expect(try refusal(FixturePlugins.candidate(id, in: folder)).code == .notAFile)
        }
    }

    @Test("come for links that leave the plugin's folder")
    func leavesFolder() throws {
        let target = FixturePlugins.candidate("c-echo")
        #expect(mkdir("\(folder)/file", 0o755) == 0 && symlink(target.path, "\(folder)/file/plugin.so") == 0)
        #expect(symlink(target.folder, "\(folder)/c-echo") == 0)
        for id in ["file", "c-echo"] {
            let refusal = try refusal(FixturePlugins.candidate(id, in: folder))
            #expect(refusal.code == .leavesFolder)
            #expect(refusal.reason.contains(target.path) && refusal.reason.contains("\(folder)/\(id)"))
        }
    }

    @Test("come for a pipe, without waiting for somebody to write into it")
    func pipe() throws {
        #expect(mkdir("\(folder)/x", 0o755) == 0 && mkfifo("\(folder)/x/plugin.so", 0o644) == 0)
        #expect(try refusal(FixturePlugins.candidate("x", in: folder)).code == .notAFile)
    }

    @Test("come for a file of a terabyte, without reading it")
    func huge() throws {
        try TemporaryFolder.write(ForgedELF.header(), to: "\(folder)/x/plugin.so")
        #expect(truncate("\(folder)/x/plugin.so", 1 << 40) == 0)
        #expect(try refusal(FixturePlugins.candidate("x", in: folder)).code == .noEntry)
    }

    @Test("do not come for a file of one's own in a folder like /tmp, where others cannot touch it")
    func sticky() throws {
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: "\(folder)/c-echo/plugin.so")
        #expect(chmod("\(folder)/c-echo", 0o1777) == 0)
        #expect(try PluginLoader.load(FixturePlugins.candidate("c-echo", in: folder)).manifest.id == "c-echo")
    }

    @Test("end when another file takes the place of one that was refused after it was loaded")
    func repaired() throws {
        let path = "\(folder)/c-echo/plugin.so"
        for id in ["bad-manifest", "wrong-magic", "c-echo"] {
            let source = id == "c-echo" ? FixturePlugins.candidate(id) : FixturePlugins.fault(id)
            try TemporaryFolder.copy(source.path, to: path + ".new")
            #expect(rename(path + ".new", path) == 0)
            let outcome = Result { try PluginLoader.load(FixturePlugins.candidate("c-echo", in: folder)) }
            switch outcome {
            case .success(let plugin): #expect(id == "c-echo" && plugin.manifest.id == "c-echo")
            case .failure(let error): #expect((error as? PluginRefusal)?.code.rawValue.replacing("_", with: "-") == id)
            }
        }
    }

    @Test("come for a file that changes between the checks and the loading")
    func changing() throws {
        let path = "\(folder)/c-echo/plugin.so"
        try TemporaryFolder.copy(FixturePlugins.fault("no-kind").path, to: path)
        let checked = PluginFileStatus(path)
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: path)
        let refusal = try #require(throws: PluginRefusal.self) {
            _ = try OpenedLibraries.shared.open(path, checked: checked, needing: [])
        }
        #expect(refusal.code == .truncated && refusal.reason.contains("changed while"))
    }

    @Test("say that a restart is needed when a loaded file was written over")
    func writtenOver() throws {
        let path = "\(folder)/bad-manifest/plugin.so"
        try TemporaryFolder.copy(FixturePlugins.fault("bad-manifest").path, to: path)
        #expect(try refusal(FixturePlugins.candidate("bad-manifest", in: folder)).code == .badManifest)
        // The time alone is changed: other bytes in a mapped library would end the tests.
        var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
        #expect(utimensat(AT_FDCWD, path, &times, 0) == 0)
        let refusal = try refusal(FixturePlugins.candidate("bad-manifest", in: folder))
        #expect(refusal.code == .restartNeeded)
        #expect(refusal.reason.contains("restart the server") && refusal.reason.contains("rename"))
    }

    @Test("do not come for a link that stays in the folder")
    func staysInside() throws {
        try TemporaryFolder.copy(FixturePlugins.candidate("c-echo").path, to: "\(folder)/c-echo/v1.so")
        #expect(symlink("v1.so", "\(folder)/c-echo/plugin.so") == 0)
        #expect(try PluginLoader.load(FixturePlugins.candidate("c-echo", in: folder)).manifest.id == "c-echo")
    }
}

/// ELF headers made from bytes.
enum ForgedELF {
    static func header(
        bits: UInt8 = 2,
        order: UInt8 = 1,
        type: UInt8 = 3,
        machine: UInt8 = UInt8(ELFFile.thisMachine),
        sections: UInt8 = 0,
        at table: UInt64 = 64,
        names: UInt8 = 0
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        bytes.replaceSubrange(0..<7, with: [0x7F, 0x45, 0x4C, 0x46, bits, order, 1])
        bytes[16] = type
        bytes[18] = machine
        bytes.replaceSubrange(40..<48, with: littleEndian(table))
        bytes[58] = 64
        bytes[60] = sections
        bytes[62] = names
        return bytes
    }

    /// An entry in the table of sections.
    struct Section {
        var name: UInt32 = 0
        var kind: UInt32
        var flags: UInt64 = 0
        var offset: UInt64 = 0
        var size: UInt64
        var link: UInt32 = 0
        var entrySize: UInt64 = 24
    }

    /// A library of sections that show any part of the file.
    ///
    /// - Parameter names: the number of the section with the names of all.
    static func library(_ sections: [Section], names: UInt8 = 0) -> [UInt8] {
        header(sections: UInt8(sections.count), names: names)
            + sections.flatMap { section -> [UInt8] in
                littleEndian(section.name) + littleEndian(section.kind) + littleEndian(section.flags)
                    + littleEndian(0 as UInt64)
                    + littleEndian(section.offset) + littleEndian(section.size) + littleEndian(section.link)
                    + [UInt8](repeating: 0, count: 12) + littleEndian(section.entrySize)
            }
    }

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
