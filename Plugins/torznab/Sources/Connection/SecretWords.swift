/// Finds what may be a key in addresses and in texts of an indexer, which nobody has told us of.
///
/// Sites put a personal key into the addresses of downloads, under names of their own.
enum SecretWords {
    /// Names of parameters that hold keys, in lower case and without `_` and `-`.
    private static let names: Set<String> = [
        "apikey", "key", "passkey", "password", "pass", "pid", "token", "torrentpass", "authkey", "auth", "rsskey",
        "secret", "uid", "user", "username", "session", "sid", "hash", "r", "i", "k", "jackettapikey", "access",
    ]

    /// Whether `name` is that of a key.
    static func isKey(_ name: some StringProtocol) -> Bool {
        names.contains(name.lowercased().filter { $0 != "_" && $0 != "-" })
    }

    /// `address` if it is http, holds no login, and no parameter that is called like a key.
    static func harmless(_ address: String) -> String? {
        guard address.hasPrefix("http://") || address.hasPrefix("https://"), address.utf8.count <= 2000 else {
            return nil
        }
        let rest = address.drop { $0 != ":" }.dropFirst(3)
        guard !rest.prefix(while: { $0 != "/" && $0 != "?" }).contains("@") else { return nil }
        let query = rest.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let hasKey = query.split { $0 == "&" || $0 == ";" || $0 == "#" }.contains { pair in
            isKey(pair.prefix { $0 != "=" })
        }
        // A path may hold a key too: a long run of letters and digits without a word in it.
        let parts = rest.split { "/?&=#".contains($0) }
        return hasKey || parts.contains(where: looksRandom) ? nil : address
    }

    /// `text` on one line, short, and without addresses and words that may be keys.
    ///
    /// - Parameter known: secrets that are known; they are hidden wherever they stand.
    static func safe(_ text: String, hiding known: [String]) -> String {
        var text = String(text.prefix(1000))
        for secret in known where secret.utf8.count > 4 { text = text.replacing(secret, with: "***") }
        let words = text.split(whereSeparator: \.isWhitespace).map(safe)
        return String(words.joined(separator: " ").prefix(200))
    }

    private static func safe(_ word: Substring) -> String {
        if word.contains("://") { return "(address)" }
        if let equals = word.firstIndex(where: { $0 == "=" || $0 == ":" }), word.index(after: equals) < word.endIndex {
            let name = word[..<equals].split { !$0.isLetter && $0 != "_" && $0 != "-" }.last ?? ""
            if isKey(name) { return word[...equals] + "***" }
        }
        let bare = word.filter { $0.isLetter || $0.isNumber }
        return looksRandom(bare[...]) ? "***" : String(word)
    }

    /// Whether `word` is as long as a key and mixes letters and digits as keys do.
    private static func looksRandom(_ word: some StringProtocol) -> Bool {
        guard word.utf8.count >= 20, word.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            return false
        }
        return word.contains(where: \.isNumber) && word.contains(where: \.isLetter)
    }
}
