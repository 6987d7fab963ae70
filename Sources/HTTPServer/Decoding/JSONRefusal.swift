internal import FoundationEssentials

/// Turns what the decoder says about a body into words for the person who wrote it.
struct JSONRefusal {
    let body: Data

    /// The error to answer with.
    func explain(_ error: DecodingError) -> HTTPError {
        // The decoder parses as far as it needs and may stumble over a type before a bracket.
        if body.isEmpty || JSONFault.find(in: Array(body)) != nil { return malformed() }
        return switch error {
        case .dataCorrupted(let context) where context.codingPath.isEmpty: malformed()
        case .dataCorrupted(let context): .validation(path(context.codingPath), Self.sentence(context.debugDescription))
        case .keyNotFound(let key, let context): .validation(path(context.codingPath + [key]), "is required")
        case .valueNotFound(let type, let context):
            .validation(path(context.codingPath), "must be \(Self.words(for: type)), not null")
        case .typeMismatch(let type, let context):
            .validation(path(context.codingPath), "must be \(Self.words(for: type))")
        @unknown default: .validation("body", "is not what this request needs")
        }
    }

    private func malformed() -> HTTPError {
        if body.isEmpty {
            return HTTPError(.badRequest, code: "INVALID_JSON", "The body is empty; send a JSON document.")
        }
        let words =
            JSONFault.find(in: Array(body)).map { "line \($0.line), column \($0.column) needs \($0.wanted)" }
            ?? "it must be UTF-8"
        return HTTPError(.badRequest, code: "INVALID_JSON", "The body is not valid JSON: \(words).")
    }

    private func path(_ keys: [any CodingKey]) -> String {
        guard !keys.isEmpty else { return "body" }
        return keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }

    private static func sentence(_ text: String) -> String {
        text.isEmpty ? "is not valid" : "is not valid: \(text)"
    }

    private static func words(for type: any Any.Type) -> String {
        switch type {
        case is String.Type, is UUID.Type, is URL.Type: "text"
        case is Bool.Type: "true or false"
        case is Double.Type, is Float.Type: "a number"
        case is any BinaryInteger.Type: "a whole number in range"
        case is any JSONObjectLike.Type: "an object"
        case is any JSONArrayLike.Type: "a list"
        default: "of another type"
        }
    }
}

private protocol JSONObjectLike {}
private protocol JSONArrayLike {}
extension Dictionary: JSONObjectLike {}
extension Array: JSONArrayLike {}
