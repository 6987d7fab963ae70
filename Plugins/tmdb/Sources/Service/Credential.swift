/// What TMDB knows its user by: both kinds work for every call of version 3 of the API.
enum Credential: Hashable, Sendable {
    /// 32 hexadecimal digits; it travels in the query.
    case key(String)
    /// A JSON Web Token; it travels in the field Authorization.
    case token(String)

    /// Tells the two apart by their shape; `nil` for an empty text.
    init?(_ text: String) {
        let word = text.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? ""
        guard !word.isEmpty else { return nil }
        let isKey = word.utf8.count == 32 && word.allSatisfy(\.isHexDigit)
        self = isKey ? .key(word) : .token(word)
    }
}
