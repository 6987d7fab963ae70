internal import FoundationEssentials

/// What is wrong with a body, in words for the person who wrote it.
enum JSONRefusal {
    /// The error to answer with when `body` is no JSON; `nil` when it is.
    static func malformed(_ body: Data) -> HTTPError? {
        if body.isEmpty { return refusal("The body is empty; send a JSON document.") }
        if let fault = JSONFault.find(in: Array(body)) {
            return refusal(
                "The body is not valid JSON: line \(fault.line), column \(fault.column) needs \(fault.wanted)."
            )
        }
        return String(validating: body, as: UTF8.self) == nil ? notUTF8 : nil
    }

    /// The error to answer with when `body` is JSON, but not what was asked for.
    static func explain(_ error: DecodingError) -> HTTPError {
        switch error {
        case .dataCorrupted(let context) where context.codingPath.isEmpty: notUTF8
        case .dataCorrupted(let context): .validation(path(context.codingPath), sentence(context.debugDescription))
        case .keyNotFound(let key, let context): .validation(path(context.codingPath + [key]), "is required")
        case .valueNotFound(let type, let context):
            .validation(path(context.codingPath), "must be \(words(for: type)), not null")
        case .typeMismatch(let type, let context): .validation(path(context.codingPath), "must be \(words(for: type))")
        @unknown default: .validation("body", "is not what this request needs")
        }
    }

    /// Also for half a surrogate pair, which is well written and stands for nothing.
    private static var notUTF8: HTTPError { refusal("The body is not valid JSON: it must be UTF-8.") }

    private static func refusal(_ message: String) -> HTTPError {
        HTTPError(.badRequest, code: "INVALID_JSON", message)
    }

    private static func path(_ keys: [any CodingKey]) -> String {
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
