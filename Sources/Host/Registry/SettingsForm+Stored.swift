import FoundationEssentials
import PluginAPI

/// What stored values become under another version of the form.
extension SettingsForm {
    /// `stored` with old names followed, and with what has become a secret among the secrets.
    ///
    /// What was a secret stays one, also under a key that is none any more.
    func arranged(_ stored: Values) -> Values {
        var values = stored
        let renames = schema.renames { key in
            stored.secrets[key] != nil || stored.settings[key].map { $0 != .null } ?? false
        }
        for (key, former) in renames {
            values.secrets[key] = stored.secrets[former]
            values.settings[key] = stored.secrets[former] == nil ? stored.settings[former] : nil
        }
        for key in schema.retiredKeys {
            values.secrets[key] = nil
            values.settings[key] = nil
        }
        for field in schema.fields where field.type == .secret {
            guard let value = values.settings.removeValue(forKey: field.key), !value.isEmptyValue else { continue }
            values.secrets[field.key] = values.secrets[field.key] ?? value.string ?? JSONWriter.text(value)
        }
        return values
    }

    /// What a plugin's `migrate` has returned, with the secrets taken out.
    ///
    /// A value that is, or holds, what was a secret before is one, whatever its key: the plugin may have given it a key
    /// of which the form does not say so.
    ///
    /// - Throws: `.badResponse` when a secret is no text, or all of it is too large.
    func separated(_ all: [String: JSONValue], after old: Values) throws(PluginError) -> Values {
        let known = old.secrets.values.filter { $0.utf8.count >= Redactor.shortestSecret }
        let secretKeys = Set(schema.fields.lazy.filter { $0.type == .secret }.map(\.key))
        var values = Values.none
        for (key, value) in all where value != .null {
            guard
                secretKeys.contains(key)
                    || value.string.map({ $0 == old.secrets[key] || known.contains(where: $0.contains) }) == true
            else {
                values.settings[key] = value
                continue
            }
            guard let text = value.string else {
                throw PluginError(.badResponse, "The plugin gave something else than a text for the secret \(key).")
            }
            values.secrets[key] = text.isEmpty ? nil : text
        }
        guard JSONWriter.text(.object(values.merged)).utf8.count <= Self.mostBytes else {
            throw PluginError(.badResponse, "The plugin gave more than \(Self.mostBytes) bytes of settings.")
        }
        return values
    }

    /// Takes changes of stored values while nothing is known of the form, because the plugin cannot be used.
    ///
    /// What is stored can be changed, and nothing can be added: a new key might be that of a secret.
    ///
    /// - Throws: a refusal with every value that cannot be taken.
    static func acceptUnchecked(
        _ sent: [String: JSONValue],
        stored: Values,
        reason: String
    ) throws(SettingsRefusal) -> Values {
        var values = Values(settings: [:], secrets: stored.secrets)
        var refused: [SettingsRefusal.Field] = []
        for (key, value) in sent.sorted(by: { $0.key < $1.key }) where value != .null {
            let isSecret = stored.secrets[key] != nil
            let field = SettingsField(key, isSecret ? .secret : .text, label: key)
            if isSecret, value.isMask { continue }
            if value.isMask, value["set"] == false { continue }
            if isSecret {
                if let problem = field.problem(with: value) {
                    refused.append(.init(name: "settings." + key, message: problem))
                }
                values.secrets[key] = value.string.flatMap { $0.isEmpty ? nil : $0 }
            } else if stored.settings[key] != nil, JSONWriter.text(value).utf8.count <= SettingsField.longestText {
                values.settings[key] = value
            } else {
                let words = "Only settings that are stored can be changed now, and not to something of this size. "
                refused.append(.init(name: "settings." + key, message: words + reason))
            }
        }
        for (key, value) in sent where value == .null { values.secrets[key] = nil }
        guard refused.isEmpty else { throw SettingsRefusal(fields: refused) }
        return values
    }
}
