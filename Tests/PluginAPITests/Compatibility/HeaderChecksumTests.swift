import FoundationEssentials
import Testing

@testable import PluginAPI

/// The header is what plugins in other languages are built against, so a change of it is made on purpose or not at all.
@Suite("The C header")
struct HeaderChecksumTests {
    /// The checksums of the declarations and of the whole text.
    ///
    /// Change this line last, after what the failure asks for.
    private static let pinned = HeaderChecksum(declarations: "6ebe778c610ad0bc98ad", text: "b733d2ed1922478d08f9")

    /// The header of version 1.0, which is kept for a plugin of that time and never changes.
    private static let first = HeaderChecksum(declarations: "3e730a3ee340df79c6f5", text: "ea45100d960f39600cdf")

    @Test("has the declarations that were agreed on")
    func declarations() throws {
        let header = try HeaderChecksum(ofFile: "Sources/CKinodockPlugin/include/kinodock_plugin.h")
        #expect(
            header.declarations == Self.pinned.declarations,
            """
            The binary contract has changed. Before you write the new checksum down, make sure that
            - nothing that was released is moved, renamed, removed or given another type or meaning: members are \
            appended to the end of kinodock_plugin or kinodock_host, and whoever reads them looks at `size` first;
            - KINODOCK_ABI_MINOR is one more than in the last release, and the ..._SIZE_V1 values are as they were;
            - HeaderLayoutTests has the new member, docs/plugin-authors.md and CHANGELOG.md tell of it;
            - new messages are recorded in Tests/Fixtures/Messages, in the folder of the new version;
            - the plugin in Tests/Fixtures/SDK-1.0 still works, unchanged.
            Then replace one line of HeaderChecksumTests:
                \(header.line)
            """
        )
    }

    @Test("has the comments that were agreed on")
    func text() throws {
        let header = try HeaderChecksum(ofFile: "Sources/CKinodockPlugin/include/kinodock_plugin.h")
        guard header.declarations == Self.pinned.declarations else { return }
        #expect(
            header.text == Self.pinned.text,
            """
            The comments of the header have changed, its declarations have not. Comments are a part of the contract: \
            a plugin that follows the old ones must still be right. If it is, and docs/plugin-authors.md says the same, \
            replace one line of HeaderChecksumTests:
                \(header.line)
            """
        )
    }

    @Test("of version 1.0 is kept as it was")
    func firstVersion() throws {
        let header = try HeaderChecksum(ofFile: "Tests/Fixtures/SDK-1.0/kinodock_plugin.h")
        #expect(header == Self.first, "A released header never changes; take it back from the history.")
    }

    @Test("has a checksum that tells a comment from a declaration")
    func difference() {
        let plain = HeaderChecksum(of: "/* one */\nint a; // two\n#define B 1\n")
        let reworded = HeaderChecksum(of: "/* other\n words */ int  a;\n\n#define B 1 // here\n")
        let changed = HeaderChecksum(of: "/* one */\nint b; // two\n#define B 1\n")
        #expect(plain.declarations == reworded.declarations && plain.text != reworded.text)
        #expect(plain.declarations != changed.declarations)
    }
}

/// Two checksums of a header, cut to what fits a line, so that a change of its comments is told from one of its meaning.
private struct HeaderChecksum: Equatable {
    /// Of what a compiler sees; where blanks and lines end does not matter.
    let declarations: String
    /// Of every byte.
    let text: String

    init(declarations: String, text: String) {
        self.declarations = declarations
        self.text = text
    }

    init(of header: String) {
        declarations = String(SHA256.hex(Self.withoutComments(header).utf8).prefix(20))
        text = String(SHA256.hex(header.utf8).prefix(20))
    }

    /// - Parameter path: in the package.
    init(ofFile path: String) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let header = try Data(contentsOf: package.appending(path: path))
        self.init(of: String(decoding: header, as: UTF8.self))
    }

    /// The line of source that holds these checksums.
    var line: String {
        """
        private static let pinned = HeaderChecksum(declarations: "\(declarations)", text: "\(text)")
        """
    }

    private static func withoutComments(_ header: String) -> String {
        var rest = header[...]
        var code = ""
        while let start = rest.firstRange(of: "/*") {
            code += rest[..<start.lowerBound] + " "
            let end = rest[start.upperBound...].firstRange(of: "*/")
            rest = rest[(end?.upperBound ?? rest.endIndex)...]
        }
        code += rest
        return code.split(separator: "\n")
            .map { line in line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line }
            .flatMap { $0.split { $0 == " " || $0 == "\t" } }
            .joined(separator: " ")
    }
}
