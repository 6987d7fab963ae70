import FoundationEssentials
import PluginAPI

/// How a template sees values.
enum TemplateValue {
    /// A text as it is, a list with commas, nothing for null, whatever is deeper as JSON.
    static func text(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: ""
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
        case .array(let elements): elements.map(text).joined(separator: ", ")
        case .object: json(value)
        }
    }

    /// The value as JSON, with the quotes of a text.
    static func json(_ value: JSONValue?) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A number that is infinite cannot come out of a message; it would be written as null.
        return (try? encoder.encode(value ?? .null)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }

    /// Whether there is something in it: `false`, 0, and what is empty or absent count as nothing.
    static func isTrue(_ value: JSONValue?) -> Bool {
        switch value {
        case nil, .null, .bool(false), .integer(0), .string(""): false
        case .number(let number): number != 0
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        default: true
        }
    }

    /// The names that a template has for an event.
    static func names(of event: NotificationEvent) -> [String: JSONValue] {
        [
            "id": .string(event.id), "kind": .string(event.kind.text), "time": .string(event.time),
            "title": .string(event.title), "message": .string(event.message), "details": .object(event.details),
        ]
    }
}
