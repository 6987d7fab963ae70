import PluginAPI

/// Checks settings against a plugin's schema, and keeps the secrets apart from the rest.
struct SettingsForm {
    let schema: SettingsSchema

    /// Settings that fit the schema.
    struct Values: Sendable {
        var settings: [String: JSONValue]
        var secrets: [String: String]
    }

    /// Takes what a client has sent.
    ///
    /// A secret that is absent, or is sent back in the masked form `{"set":true}`, keeps the stored value; an empty one
    /// removes it. Keys that the schema does not name are refused, for they are spelling mistakes.
    ///
    /// - Parameter stored: the values so far; empty for a new instance.
    /// - Throws: a refusal with every value that does not fit.
    func accept(_ sent: [String: JSONValue], stored: Values) throws(SettingsRefusal) -> Values {
        var values = Values(settings: [:], secrets: stored.secrets)
        var refused: [SettingsRefusal.Field] = []
        func refuse(_ key: String, _ message: String) {
            refused.append(.init(name: "settings." + key, message: message))
        }
        let fields = Dictionary(schema.fields.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let formerNames = Set(schema.fields.compactMap(\.renamedFrom))
        for key in sent.keys.sorted() where fields[key] == nil && !formerNames.contains(key) {
            refuse(key, "There is no such setting. \(known)")
        }
        for field in schema.fields {
            let value = sent[field.key] ?? field.renamedFrom.flatMap { sent[$0] }
            if field.type == .secret {
                if let former = field.renamedFrom, let secret = values.secrets.removeValue(forKey: former) {
                    values.secrets[field.key] = values.secrets[field.key] ?? secret
                }
                Self.acceptSecret(field, value, &values.secrets, refuse)
            } else if let value, value != .null {
                if let problem = Self.problem(value, field) { refuse(field.key, problem) }
                values.settings[field.key] = value
            }
        }
        for field in schema.fields where field.isRequired == true && isVisible(field, values.settings) {
            let isMissing =
                field.type == .secret
                ? values.secrets[field.key] == nil
                : (values.settings[field.key] ?? field.default).map(Self.isEmpty) ?? true
            if isMissing { refuse(field.key, "\(field.label) is required.") }
        }
        guard refused.isEmpty else { throw SettingsRefusal(fields: refused) }
        return values
    }

    /// The settings as they are shown: each secret only as whether it is set.
    func masked(_ values: Values) -> [String: JSONValue] {
        var shown = values.settings
        for field in schema.fields where field.type == .secret {
            shown[field.key] = ["set": .bool(values.secrets[field.key] != nil)]
        }
        return shown
    }

    private var known: String {
        let keys = schema.fields.map(\.key).joined(separator: ", ")
        return keys.isEmpty ? "The plugin has none." : "Known are: \(keys)."
    }

    private func isVisible(_ field: SettingsField, _ settings: [String: JSONValue]) -> Bool {
        guard let condition = field.visibleWhen else { return true }
        let value = settings[condition.key] ?? schema.fields.first { $0.key == condition.key }?.default
        return value.map(condition.in.contains) ?? false
    }

    private static func acceptSecret(
        _ field: SettingsField,
        _ value: JSONValue?,
        _ secrets: inout [String: String],
        _ refuse: (String, String) -> Void
    ) {
        switch value {
        case nil: break
        case .object(let mask) where mask["set"]?.bool != nil: break
        case .null, .string(""): secrets[field.key] = nil
        case .string(let text):
            if let problem = lengthProblem(text, field) { refuse(field.key, problem) }
            secrets[field.key] = text
        default: refuse(field.key, "Expected a text.")
        }
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        value == .null || value.string?.isEmpty == true || value.array?.isEmpty == true || value.object?.isEmpty == true
    }

    /// What is wrong with `value`, or `nil`.
    private static func problem(_ value: JSONValue, _ field: SettingsField) -> String? {
        switch field.type.value {
        case .number:
            guard let number = value.number else { return "Expected a number." }
            if let least = field.min, number < least { return "Must be at least \(shown(least))." }
            if let most = field.max, number > most { return "Must be at most \(shown(most))." }
            if let step = field.step, step > 0, !((number - (field.min ?? 0)) / step).isWhole {
                return step == 1 ? "Must be a whole number." : "Must go in steps of \(shown(step))."
            }
            return nil
        case .bool:
            return value.bool == nil ? "Expected true or false." : nil
        case .multiselect, .tags:
            guard let values = value.array, values.allSatisfy({ $0.string != nil }) else {
                return "Expected a list of texts."
            }
            return values.lazy.compactMap(\.string).compactMap { choiceProblem($0, field) }.first
        case .keyValue:
            return value.object?.values.allSatisfy { $0.string != nil } == true ? nil : "Expected an object of texts."
        case .select:
            guard let text = value.string else { return "Expected a text." }
            return choiceProblem(text, field)
        case .url:
            guard let text = value.string else { return "Expected a text." }
            return text.isEmpty || text.hasPrefix("http://") || text.hasPrefix("https://")
                ? nil : "Must begin with http:// or https://."
        case .host:
            guard let text = value.string else { return "Expected a text." }
            return text.unicodeScalars.contains { $0 == "/" || $0.value <= 0x20 || $0.value == 0x7F }
                ? "Expected a host name or IP address without scheme, path and port." : nil
        case .info, nil:
            return nil
        case .text, .secret, .path, .oauth:
            guard let text = value.string else { return "Expected a text." }
            return lengthProblem(text, field)
        }
    }

    private static func choiceProblem(_ text: String, _ field: SettingsField) -> String? {
        // Options that the plugin computes are suggestions: they may not be known without a connection.
        guard let options = field.options, field.optionsFrom == nil, !options.contains(where: { $0.value == text })
        else { return nil }
        return "Must be one of: \(options.map(\.value).joined(separator: ", "))."
    }

    private static func shown(_ limit: Double) -> String { JSONWriter.text(.number(limit)) }

    private static func lengthProblem(_ text: String, _ field: SettingsField) -> String? {
        let length = Double(text.count)
        if let most = field.max, length > most { return "Must have at most \(shown(most)) characters." }
        if let least = field.min, length < least, length > 0 { return "Must have at least \(shown(least)) characters." }
        return nil
    }
}

extension Double {
    /// Whether this is a whole number but for what fractions of ten lose in binary.
    fileprivate var isWhole: Bool { abs(self - rounded()) < 1e-9 }
}
