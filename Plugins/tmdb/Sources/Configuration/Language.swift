/// A language in which texts are wanted, as TMDB names it.
struct Language: Hashable, Sendable {
    /// ISO 639-1, for example "de".
    let code: String
    /// ISO 3166-1, for example "AT"; `nil` for any.
    let country: String?

    static let english = Language(code: "en", country: "US")

    /// "de-AT", the value of the parameter `language`.
    var tag: String { country.map { "\(code)-\($0)" } ?? code }

    private init(code: String, country: String?) {
        self.code = code
        self.country = country
    }

    /// Reads "de", "de-AT" or "de_AT"; `nil` for anything else.
    init?(_ text: String) {
        let parts = text.split(whereSeparator: { $0 == "-" || $0 == "_" })
        guard (1...2).contains(parts.count), Self.isWord(parts[0], 2...3) else { return nil }
        guard parts.count == 1 || Self.isWord(parts[1], 2...2) else { return nil }
        self.init(code: parts[0].lowercased(), country: parts.count == 2 ? parts[1].uppercased() : nil)
    }

    private static func isWord(_ text: Substring, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count) && text.allSatisfy { $0.isASCII && $0.isLetter }
    }
}
