/// A word of a release's name.
struct ReleaseToken: Hashable, Sendable {
    /// As it stands in the name.
    let text: Substring
    /// In lower case.
    let lower: String
    /// What stands between this word and the one before; blanks are left out when there is anything else.
    let separator: Separator
    /// Whether the word stands in (), [] or {}.
    let bracket: Character?

    enum Separator: Hashable, Sendable {
        case start, space, dot, dash, spacedDash, underscore, other

        var isDash: Bool { self == .dash || self == .spacedDash }
    }

    /// The number, when the word is nothing but digits; at most 6 of them.
    var number: Int? {
        lower.utf8.count <= 6 && lower.utf8.allSatisfy { 48...57 ~= $0 } ? Int(lower) : nil
    }

    /// Whether this may be the year of a film.
    var isYear: Bool { lower.utf8.count == 4 && number.map { 1888...2100 ~= $0 } == true }

    /// Splits a name.
    ///
    /// Linear in its length.
    static func split(_ name: Substring) -> [ReleaseToken] {
        var tokens: [ReleaseToken] = []
        var start: Substring.Index?
        var separator = Separator.start
        var sawSpace = false
        var brackets: [Character] = []
        func close(_ end: Substring.Index) {
            guard let begin = start else { return }
            let text = name[begin..<end]
            tokens.append(.init(text: text, lower: text.lowercased(), separator: separator, bracket: brackets.last))
            start = nil
            separator = .space
            sawSpace = false
        }
        for index in name.indices {
            let character = name[index]
            guard let kind = kind(of: character) else {
                if start == nil { start = index }
                continue
            }
            close(index)
            sawSpace = sawSpace || kind == .space || kind == .underscore
            // A dash between blanks stays one, whatever serves as a blank.
            let isBlank = kind == .space || separator.isDash && (kind == .underscore || kind == .dot)
            if !isBlank { separator = kind }
            if separator == .dash, sawSpace { separator = .spacedDash }
            if "([{".contains(character) { brackets.append(character) }
            if ")]}".contains(character), !brackets.isEmpty { brackets.removeLast() }
        }
        close(name.endIndex)
        return tokens
    }

    private static func kind(of character: Character) -> Separator? {
        switch character {
        case " ", "\t", "\u{a0}", "\u{3000}": .space
        case ".": .dot
        case "_": .underscore
        case "-", "\u{2010}", "\u{2011}", "\u{2013}", "\u{2014}": .dash
        case "(", ")", "[", "]", "{", "}", ",", "/", "\\", "|", "~", ";": .other
        default: nil
        }
    }
}
