import PluginAPI

/// Settings with which an instance can be made for a check.
enum SampleSettings {
    /// Reserved for examples: no name below it is ever found (RFC 2606).
    static let host = "kinodock-check.invalid"

    /// A value for each required field that has no default; nothing is found at the addresses among them.
    ///
    /// - Parameter folder: what path fields get.
    static func values(for schema: SettingsSchema, folder: String) -> [String: JSONValue] {
        let empty = schema.fields.filter { $0.isRequired == true && $0.default == nil }
        return Dictionary(empty.map { ($0.key, value(for: $0, folder)) }, uniquingKeysWith: { first, _ in first })
    }

    private static func value(for field: SettingsField, _ folder: String) -> JSONValue {
        switch field.type.value {
        case .host: .string(host)
        case .url: .string("http://\(host)/")
        case .path: .string(folder)
        case .number: .number(field.min ?? 1)
        case .bool: false
        case .select: .string(field.options?.first?.value ?? "")
        case .multiselect, .tags: []
        case .keyValue: [:]
        // A text with an example is one of a kind, an address for example.
        default: .string(field.placeholder ?? "check")
        }
    }
}
