/// A pattern such as `/api/queue/:id` or `/assets/*rest`.
struct RoutePattern: Sendable, CustomStringConvertible {
    enum Segment: Equatable {
        case literal([UInt8])
        case parameter
        case catchAll
    }

    let description: String
    let segments: [Segment]
    let names: [String]

    /// Reads a pattern; one that does not start with a slash, or has something after a catch-all, is a mistake in the
    /// program.
    init(_ text: String) {
        precondition(text.hasPrefix("/"), "a route starts with a slash: \(text)")
        let words = text.split(separator: "/")
        precondition(!words.dropLast().contains { $0.hasPrefix("*") }, "nothing may follow a catch-all: \(text)")
        description = text
        segments = words.map { word in
            switch word.first {
            case ":": .parameter
            case "*": .catchAll
            default: .literal(Array(word.utf8))
            }
        }
        names = words.filter { $0.hasPrefix(":") || $0.hasPrefix("*") }.map { String($0.dropFirst()) }
    }
}
