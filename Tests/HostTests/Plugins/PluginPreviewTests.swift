import FoundationEssentials
import Glibc
import PluginAPI
import Testing

@testable import PluginHosting

@Suite("What a plugin's file says without being run", .timeLimit(.minutes(1)))
struct PluginPreviewTests {
    @Test("is its id, version and contract, also when its code would end the process")
    func read() throws {
        let aborting = try PluginPreview.read(FixturePlugins.candidate("sections-aborts"))
        #expect(aborting.manifest?.id == "sections-aborts")
        #expect(aborting.manifest?.version == "1.0.0")
        #expect(aborting.header?.magic == 0x4B44_4B31)
        let exported = try PluginPreview.read(FixturePlugins.candidate("sections-good"))
        #expect(exported.manifest?.version == "1.2.3")
        #expect(exported.header?.major == 1 && exported.header?.flags == 0)
    }

    @Test("is nothing for a file of version 1.0, which is no fault")
    func absent() throws {
        let preview = try PluginPreview.read(FixturePlugins.candidate("c-echo"))
        #expect(preview.header == nil && preview.manifest == nil)
        #expect(preview.neededLibraries.contains { $0.hasPrefix("libc.so") })
    }

    @Test("is the header of the SDK in a plugin in Swift")
    func swift() throws {
        let header = try #require(try PluginPreview.read(FixturePlugins.swiftEcho).header)
        #expect(header.flags == 1 && header.minHostMinor == 0)
        #expect(try PluginLoader.load(FixturePlugins.swiftEcho).manifest.id == "swift-echo")
    }

    @Test(
        "refuses a plugin before it is run",
        arguments: [
            ("wrong-magic", PluginRefusal.Code.wrongMagic, ["0x12345678", "0x4b444b31", ".kinodock.header"]),
            ("other-major", .otherMajor, ["version 3", "version 1"]),
            ("host-too-old", .hostTooOld, ["1.77", "update the server"]),
            ("short-header", .badHeader, ["4 bytes", "from 12"]),
            ("bad-manifest", .badManifest, ["cannot be read"]),
            ("bad-id", .badID, ["Bad Id"]),
            ("long-manifest", .badManifest, ["1048576 bytes"]),
        ]
    )
    func refused(name: String, code: PluginRefusal.Code, words: [String]) throws {
        let refusal = try #require(throws: PluginRefusal.self) {
            _ = try PluginLoader.load(FixturePlugins.candidate("sections-" + name))
        }
        #expect(refusal.code == code)
        for word in words { #expect(refusal.reason.contains(word)) }
    }

    @Test(
        "must be what its code says",
        arguments: [
            ("manifest-differs", ["version 9.9.9", "version 1.0.0"]), ("header-differs", ["flags 1", "flags 0"]),
        ]
    )
    func differs(name: String, words: [String]) throws {
        let candidate = FixturePlugins.candidate("sections-" + name)
        _ = try PluginPreview.read(candidate)
        let refusal = try #require(throws: PluginRefusal.self) { _ = try PluginLoader.load(candidate) }
        #expect(refusal.code == .manifestDiffers && refusal.state == .failed)
        for word in words { #expect(refusal.reason.contains(word)) }
    }

    @Test("accepts a plugin of which both say the same")
    func same() throws {
        #expect(try PluginLoader.load(FixturePlugins.candidate("sections-good")).manifest.version == "1.2.3")
    }

    @Test("holds for a library cut at any place, and for one of which any byte of its tables is forged")
    func forged() throws {
        let whole = try Data(contentsOf: URL(filePath: FixturePlugins.candidate("sections-good").path))
        func content(_ bytes: Data) -> ELFFile.Content? {
            let source = ELFSource(bytes)
            return try? ELFFile(source).content(of: ".kinodock.manifest", atMost: 4096, in: source)
        }
        guard case .bytes(let text)? = content(whole) else { throw ForgeryError() }
        for length in stride(from: 0, to: whole.count, by: 509) { #expect(content(whole.prefix(length)) == nil) }
        // The table of sections stands at the end: whatever stands in it, an answer is no longer than was asked for.
        for offset in stride(from: max(0, whole.count - 64 * 40), to: whole.count, by: 3) {
            var bytes = whole
            bytes[offset] = 0xFF
            guard case .bytes(let other)? = content(bytes) else { continue }
            #expect(other.count <= 4096)
        }
        #expect(text.count < 4096)
    }

    @Test(
        "ignores a section that takes no room, that is compressed, or whose name is not in the file",
        arguments: [
            ForgedELF.Section(name: 1, kind: 8, offset: 0, size: 12),
            .init(name: 1, kind: 1, flags: 0x800, offset: 0, size: 12),
            .init(name: .max, kind: 1, offset: 0, size: 12),
            .init(name: 0, kind: 1, offset: 0, size: 12),
        ]
    )
    func ignored(section: ForgedELF.Section) throws {
        #expect(try content(of: section) == .absent)
    }

    @Test("says that a section is longer than what may stand in it")
    func tooLong() throws {
        #expect(try content(of: .init(name: 1, kind: 1, offset: 0, size: 65)) == .tooLong(65))
        guard case .bytes(let bytes) = try content(of: .init(name: 1, kind: 1, offset: 0, size: 64)) else {
            throw ForgeryError()
        }
        #expect(bytes.count == 64)
    }

    /// Looks for the section `.x` in a library of `section` and the table of names.
    private func content(of section: ForgedELF.Section) throws -> ELFFile.Content {
        let names: [UInt8] = [0] + Array(".x".utf8) + [0]
        let tables = ForgedELF.Section(kind: 3, offset: 64 * 3, size: UInt64(names.count))
        let source = ELFSource(Data(ForgedELF.library([section, tables], names: 1) + names))
        return try ELFFile(source).content(of: ".x", atMost: 64, in: source)
    }
}

/// A forged file was not what the test needs.
private struct ForgeryError: Error {}
