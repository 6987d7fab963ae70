import PluginAPI

/// Ids of titles elsewhere, as indexers write them.
enum ExternalID {
    /// "tt" and at least seven digits; `nil` for what is none, 0 included.
    static func imdb(_ text: String) -> String? {
        let digits = text.trimmed.lowercased().drop { $0 == "t" }
        guard let number = number(String(digits)) else { return nil }
        let plain = String(number)
        return "tt" + String(repeating: "0", count: max(0, 7 - plain.count)) + plain
    }

    /// A number above 0.
    static func number(_ text: String) -> Int? {
        guard text.utf8.count <= 12, let number = Int(text.trimmed), number > 0 else { return nil }
        return number
    }
}
