import FoundationEssentials
import PluginAPI

/// Lines as `sha256sum` writes them: a hash, two blanks, a name.
struct HashList: Hashable, Sendable {
    struct Line: Hashable, Sendable {
        /// 64 hexadecimal digits in lower case.
        var sha256: String
        var name: String
    }

    /// A line that cannot be read.
    struct Fault: Error, Hashable {
        /// Counted from 1.
        let line: Int
        let text: String
    }

    var lines: [Line] = []

    init() {}

    /// Reads `text`; empty lines and those that begin with `#` are passed over.
    ///
    /// - Parameter isName: whether a name makes sense; a line with another one is at fault.
    init(_ text: String, isName: (String) -> Bool = { _ in true }) throws(Fault) {
        // A carriage return and the line feed after it are one character, which is a newline but not "\n".
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = raw.trimmed
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
            // `sha256sum --binary` puts an asterisk before the name.
            let name = parts.count == 2 ? String(parts[1].trimmed.drop { $0 == "*" }) : ""
            guard !name.isEmpty, Self.isHash(parts[0]), isName(name) else {
                throw Fault(line: index + 1, text: String(line.prefix(100)))
            }
            lines.append(Line(sha256: parts[0].lowercased(), name: name))
        }
    }

    /// The lines as text.
    var text: String { lines.map { "\($0.sha256)  \($0.name)\n" }.joined() }

    private static func isHash(_ text: some StringProtocol) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
            }
    }
}
