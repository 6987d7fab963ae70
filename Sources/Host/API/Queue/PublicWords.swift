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
        let rest = word[word.index(after: colon)...]
        let port = rest.prefix { $0.isNumber }
        // The end of a time of day, as in 10:30:00Z, is no port.
        guard (1...5).contains(port.count), rest.dropFirst(port.count).first?.isLetter != true else { return false }
        return word[..<colon].contains { $0.isLetter || $0 == "." || $0 == "]" }
    }
}
