/// A media type with its parameters, as Content-Type carries it (RFC 9110 section 8.3.1).
package struct MediaType: Sendable, Equatable {
    /// `type/subtype` in lower case.
    package let essence: String
    private let parameters: [String: String]

    /// Parses a field value; `nil` when it is not `type/subtype`.
    package init?(_ text: String) {
        var pieces = Self.split(text)[...]
        let essence = Self.trimmed(pieces.popFirst() ?? "").lowercased()
        let halves = essence.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ !$0.isEmpty && !$0.contains(" ") }) else { return nil }
        self.essence = essence
        parameters = pieces.reduce(into: [:]) { result, piece in
            guard let equals = piece.firstIndex(of: "=") else { return }
            let name = Self.trimmed(String(piece[..<equals])).lowercased()
            result[name] = Self.unquoted(Self.trimmed(String(piece[piece.index(after: equals)...])))
        }
    }

    /// The value of a parameter; names have no case.
    package subscript(parameter: String) -> String? {
        parameters[parameter.lowercased()]
    }

    /// Whether this is JSON: `application/json` or any type with the suffix `+json` (RFC 6839).
    package var isJSON: Bool {
        essence == "application/json" || essence.hasSuffix("+json")
    }

    /// Splits at semicolons that are not inside quotes.
    static func split(_ text: String) -> [String] {
        var pieces = [""], quoted = false, escaped = false
        for character in text.unicodeScalars {
            if character == ";", !quoted {
                pieces.append("")
                continue
            }
            if character == "\"", !escaped { quoted.toggle() }
            escaped = quoted && character == "\\" && !escaped
            pieces[pieces.count - 1].unicodeScalars.append(character)
        }
        return pieces
    }

    /// Removes quotes and the backslashes inside them.
    static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        var result = "", escaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\", !escaped {
                escaped = true
            } else {
                result.append(character)
                escaped = false
            }
        }
        return result
    }

    static func trimmed(_ text: String) -> String {
        let start = text.drop { $0 == " " || $0 == "\t" }
        let end = start.lastIndex { $0 != " " && $0 != "\t" }
        return end.map { String(start[...$0]) } ?? ""
    }
}
