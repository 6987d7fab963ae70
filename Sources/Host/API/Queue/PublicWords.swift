/// Takes out of a message what only an administrator may see: addresses and paths.
enum PublicWords {
    /// `text` with every word that is an address or a path replaced.
    static func of(_ text: String) -> String {
        guard
            text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "\\") }
            )
        else { return text }
        return text.split(separator: " ", omittingEmptySubsequences: false).map(word).joined(separator: " ")
    }

    private static func word(_ word: Substring) -> String {
        if word.contains("://") || isHostWithPort(word) { return "(address)" }
        if word.contains("/") || word.contains("\\") { return "(path)" }
        return String(word)
    }

    /// `name:8080`, with whatever punctuation follows.
    private static func isHostWithPort(_ word: Substring) -> Bool {
        guard let colon = word.lastIndex(of: ":"), colon > word.startIndex else { return false }
        let port = word[word.index(after: colon)...].prefix { $0.isNumber }
        return (1...5).contains(port.count) && word[..<colon].contains { $0.isLetter || $0 == "." }
    }
}
