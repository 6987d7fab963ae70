/// A pattern for names: text, tokens in braces, and groups that vanish when their tokens are empty.
///
/// - `{Title}` is replaced by the value; `{Season:00}` fills a number with zeros to the length of the zeros.
/// - `{ ({Year})}` is a group: all of it is left out when every token in it is empty.
/// - `/` begins a new folder. A `/` inside a value never does.
struct NamingFormat: Hashable, Sendable {
    /// What is wrong with a format, in words for its author.
    struct Refusal: Error, Hashable, CustomStringConvertible {
        let description: String
    }

    enum Piece: Hashable, Sendable {
        case text(String)
        case token(NamingToken, width: Int)
        case group([Piece])
    }

    /// The longest accepted format, in characters.
    static let longest = 1000

    let text: String
    /// One list for each component of the path.
    let components: [[Piece]]

    init(_ text: String) throws(Refusal) {
        guard text.count <= Self.longest else {
            throw Refusal(description: "The naming format is longer than \(Self.longest) characters.")
        }
        self.text = text
        var components: [[Piece]] = []
        for part in text.split(separator: "/") {
            var rest = part
            components.append(try Self.pieces(&rest, depth: 0))
        }
        guard !components.isEmpty else { throw Refusal(description: "The naming format is empty.") }
        self.components = components
    }

    /// Whether a token is somewhere in the format.
    func contains(_ token: NamingToken) -> Bool {
        components.contains { Self.contains(token, $0) }
    }

    private static func contains(_ token: NamingToken, _ pieces: [Piece]) -> Bool {
        pieces.contains { piece in
            switch piece {
            case .text: false
            case .token(let found, _): found == token
            case .group(let inner): contains(token, inner)
            }
        }
    }

    /// Reads up to the closing brace of the group, or to the end outside of one.
    private static func pieces(_ rest: inout Substring, depth: Int) throws(Refusal) -> [Piece] {
        var pieces: [Piece] = []
        var literal = ""
        while let character = rest.first {
            if character == "}", depth > 0 { break }
            rest.removeFirst()
            if character == "}" { throw Refusal(description: "The naming format has a } without a {.") }
            if character == "{" {
                if !literal.isEmpty { pieces.append(.text(literal)) }
                literal = ""
                pieces.append(try braces(&rest, depth: depth))
            } else {
                literal.append(character)
            }
        }
        if !literal.isEmpty { pieces.append(.text(literal)) }
        return pieces
    }

    /// Reads what follows an opening brace.
    private static func braces(_ rest: inout Substring, depth: Int) throws(Refusal) -> Piece {
        guard depth < 3 else { throw Refusal(description: "The naming format has braces inside braces inside braces.") }
        let inner = try pieces(&rest, depth: depth + 1)
        guard rest.popFirst() == "}" else {
            throw Refusal(description: "The naming format has a { without a } in the same part of the path.")
        }
        if case .text(let name)? = inner.first, inner.count == 1 { return try token(name) }
        guard !inner.isEmpty else { throw Refusal(description: "The naming format has empty braces.") }
        return .group(inner)
    }

    private static func token(_ text: String) throws(Refusal) -> Piece {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let token = NamingToken.named(parts[0]) else {
            throw Refusal(description: "The naming format does not know {\(parts[0])}.")
        }
        guard parts.count > 1 else { return .token(token, width: 0) }
        guard parts.count == 2, (1...6).contains(parts[1].count), parts[1].allSatisfy({ $0 == "0" }) else {
            throw Refusal(description: "In {\(text)} only zeros may follow the colon, for example {Season:00}.")
        }
        return .token(token, width: parts[1].count)
    }
}
