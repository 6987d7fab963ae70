import PluginAPI

import struct FoundationEssentials.Data

/// Cookies in the file format of Netscape: a line for each, with seven fields between tabulators.
struct CookiesFile: Sendable {
    let path: String

    /// `text`, if it holds such cookies.
    static func content(_ text: String, field: String) throws -> String {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") || $0.hasPrefix("#HttpOnly_") }
        let isRight = lines.allSatisfy { line in
            line.allSatisfy(\.isWhitespace) || line.split(separator: "\t", omittingEmptySubsequences: false).count == 7
        }
        guard isRight, !lines.isEmpty else {
            throw PluginError(
                .invalid,
                "These are no cookies in Netscape's format (cookies.txt): each line has seven fields between tabulators.",
                field: field
            )
        }
        // yt-dlp asks for this line.
        return "# Netscape HTTP Cookie File\n" + lines.joined(separator: "\n") + "\n"
    }

    /// Writes the cookies, readable by this user alone.
    func write(_ content: String) throws {
        try PrivateFile.write(Data(content.utf8), to: path)
    }

    func remove() { PrivateFile.remove(path) }
}
