import PluginAPI

/// Checks settings against a plugin's schema, and keeps the secrets apart from the rest.
struct SettingsForm {
    let schema: SettingsSchema

    /// The most bytes of all settings of an instance, as JSON.
    static let mostBytes = 1 << 20

    /// Settings that fit the schema.
    struct Values: Sendable, Equatable {
        var settings: [String: JSONValue]
        var secrets: [String: String]

        static let none = Values(settings: [:], secrets: [:])

        /// Settings and secrets in one object, as a plugin gets them.
        var merged: [String: JSONValue] {
            settings.merging(secrets.mapValues(JSONValue.string)) { _, secret in secret }
        }
    }

    /// Takes what a client has sent.
    ///
    /// A secret that is absent, or is sent back in the masked form `{"set":true}`, keeps the stored value; an empty one
    /// removes it. Keys that the schema does not name are refused, for they are spelling mistakes, unless they are
    /// stored with just that value: then an earlier version of the form had them.
    ///
    /// - Parameter stored: the values so far; empty for a new instance.
    /// - Throws: a refusal with every value that does not fit.
    func accept(_ sent: [String: JSONValue], stored: Values) throws(SettingsRefusal) -> Values {
        let stored = arranged(stored)
        let sent = schema.renaming(sent)
        var taken = Intake(values: Values(settings: [:], secrets: stored.secrets))
        takeUnknown(sent, stored, &taken)
        for field in schema.fields {
            if field.type == .secret || stored.secrets[field.key] != nil {
                takeSecret(field, sent[field.key], &taken)
            } else {
                takeOpen(field, sent[field.key], &taken)
            }
        }
        for field in schema.fields where field.isRequired == true && isVisible(field, taken.values) {
            if isMissing(field, taken.values) { taken.refuse(field.key, "\(field.label) is required.") }
        }
        if taken.refused.isEmpty, JSONWriter.text(.object(taken.values.merged)).utf8.count > Self.mostBytes {
            throw SettingsRefusal("settings", "All settings together must have at most \(Self.mostBytes) bytes.")
        }
        guard taken.refused.isEmpty else { throw SettingsRefusal(fields: taken.refused) }
        return taken.values
    }

    /// The settings as they are shown: each secret only as whether it is set.
    func masked(_ values: Values) -> [String: JSONValue] {
        let values = arranged(values)
        var shown = values.settings
        for field in schema.fields where field.type == .secret { shown[field.key] = ["set": false] }
        for key in values.secrets.keys { shown[key] = ["set": true] }
        return shown
    }

    /// Whether a field is shown, given the values of the others.
    func isVisible(_ field: SettingsField, _ values: Values) -> Bool {
        guard let condition = field.visibleWhen else { return true }
        let value = values.settings[condition.key] ?? schema.fields.first { $0.key == condition.key }?.default
        return value.map(condition.in.contains) ?? false
    }

    // MARK: Taking

    /// What has been taken so far, and what was wrong with the rest.
    private struct Intake {
        var values: Values
        var refused: [SettingsRefusal.Field] = []

        mutating func refuse(_ key: String, _ message: String) {
            refused.append(.init(name: "settings." + key, message: message))
        }
    }

    private func takeUnknown(_ sent: [String: JSONValue], _ stored: Values, _ taken: inout Intake) {
        let keys = Set(schema.fields.map(\.key))
        for (key, value) in sent.sorted(by: { $0.key < $1.key }) where !keys.contains(key) {
            if stored.settings[key] == value {
                taken.values.settings[key] = value
            } else if !(value.isMask && stored.secrets[key] != nil) {
                taken.refuse(key, "There is no such setting. \(known)")
            }
        }
    }

    private func takeOpen(_ field: SettingsField, _ value: JSONValue?, _ taken: inout Intake) {
        guard let value, value != .null else { return }
        if let problem = field.problem(with: value) { return taken.refuse(field.key, problem) }
        if field.type.value != .info { taken.values.settings[field.key] = value }
    }

    /// Takes a secret, or what an earlier version of the form kept as one: that stays sealed until it is sent anew.
    private func takeSecret(_ field: SettingsField, _ value: JSONValue?, _ taken: inout Intake) {
        switch value {
        case nil: break
        case .null, .string(""): taken.values.secrets[field.key] = nil
        case let mask? where mask.isMask:
            guard mask["set"] == true, taken.values.secrets[field.key] == nil else { break }
            let words = "{\"set\":true} stands for a stored value, but none is stored here; send the value itself."
            taken.refuse(field.key, words)
        case let value?:
            if let problem = field.problem(with: value) { return taken.refuse(field.key, problem) }
            taken.values.secrets[field.key] = field.type == .secret ? value.string : nil
            if field.type.value != .secret { taken.values.settings[field.key] = value }
        }
    }

    private func isMissing(_ field: SettingsField, _ values: Values) -> Bool {
        guard field.type.value != .info, values.secrets[field.key] == nil else { return false }
        return (values.settings[field.key] ?? field.default).map(\.isEmptyValue) ?? true
    }

    private var known: String {
        let keys = schema.fields.map(\.key).joined(separator: ", ")
        return keys.isEmpty ? "The plugin has none." : "Known are: \(keys)."
    }
}

extension JSONValue {
    /// Whether this is the form in which a secret is shown: `{"set":true}` or `{"set":false}`.
    var isMask: Bool { object?.count == 1 && self["set"]?.bool != nil }
}
