import PluginAPI

/// What stands between two braces: a name or a text in quotes, and filters that change its value.
struct TemplateExpression: Hashable, Sendable {
    enum Source: Hashable, Sendable {
        case path([String])
        case literal(String)
    }

    enum Filter: Hashable, Sendable {
        case json, upper, lower, url, size
        case limit(Int)
        case fallback(String)
        case join(String)
    }

    let source: Source
    let filters: [Filter]

    /// Reads `details.year | default:"?"`.
    init(_ text: Substring) throws(TemplateFault) {
        var parts = Self.split(text, at: "|")
        let first = parts.removeFirst()
        if let literal = Self.literal(first) {
            source = .literal(literal)
        } else {
            source = .path(try Self.path(first))
        }
        var filters: [Filter] = []
        for part in parts { filters.append(try Self.filter(part)) }
        self.filters = filters
    }

    /// Reads a name: parts of letters, digits, `_` and `-`, with points between them.
    static func path(_ text: String) throws(TemplateFault) -> [String] {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isName = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        }
        guard isName else { throw TemplateFault("“\(text)” is no name; an example is details.path.") }
        return parts
    }

    private static func filter(_ text: String) throws(TemplateFault) -> Filter {
        let name = text.prefix { $0 != ":" }.filter { $0 != " " }
        let rest = text.dropFirst(text.prefix { $0 != ":" }.count).dropFirst()
        let argument = literal(rest.trimmed) ?? rest.trimmed
        switch name {
        case "json": return .json
        case "upper": return .upper
        case "lower": return .lower
        case "url": return .url
        case "size": return .size
        case "default": return .fallback(argument)
        case "join": return .join(argument)
        case "limit":
            guard let count = Int(argument), (1...100_000).contains(count) else {
                throw TemplateFault("limit needs a number of characters, for example limit:200.")
            }
            return .limit(count)
        default:
            throw TemplateFault(
                "There is no filter “\(name)”; there are json, upper, lower, url, size, limit, default and join."
            )
        }
    }

    /// The parts between marks that stand outside of quotes.
    private static func split(_ text: Substring, at mark: Character) -> [String] {
        var parts = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == mark, !isQuoted { parts.append("") } else { parts[parts.count - 1].append(character) }
        }
        return parts.map(\.trimmed)
    }

    private static func literal(_ text: String) -> String? {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return nil }
        return String(text.dropFirst().dropLast())
    }
}
