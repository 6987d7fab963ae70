import PluginAPI

/// Something about stored settings that a person should know, and that keeps nobody from saving them.
struct SettingsWarning: Sendable, Equatable {
    /// The stable words for programs.
    enum Code: String, Sendable {
        /// A field that should no longer be used has a value.
        case deprecated
        /// The caution that the form has for a field whose value was changed.
        case caution
        /// The value is stored, but the plugin's form has no such field any more.
        case unusedSetting = "unused_setting"
        /// The plugin does not list the value among the choices that it computes.
        case unlistedOption = "unlisted_option"
        /// The plugin could not say whether the settings make sense.
        case notChecked = "not_checked"
        /// The settings were stored for a newer version of the form.
        case newerSettings = "newer_settings"
        /// The settings were stored for an older version of the form, and could not be brought to this one.
        case notMigrated = "not_migrated"
    }

    let code: Code
    /// The key of the setting, if it is about one.
    var key: String?
    /// What is the matter, and what to do.
    let message: String
}

extension SettingsForm {
    /// What is to be said of `values`.
    ///
    /// - Parameter old: the values before; the cautions of fields whose value is the same are left out.
    func warnings(about values: Values, since old: Values) -> [SettingsWarning] {
        let (values, old) = (arranged(values), arranged(old))
        var warnings: [SettingsWarning] = []
        for field in schema.fields where isSet(field, in: values) && isVisible(field, values) {
            if let reason = field.deprecated {
                warnings.append(.init(code: .deprecated, key: field.key, message: "\(field.label): \(reason)"))
            }
            if let caution = field.warning, !isSame(field.key, values, old) {
                warnings.append(.init(code: .caution, key: field.key, message: "\(field.label): \(caution)"))
            }
        }
        let known = Set(schema.fields.map(\.key))
        for key in values.settings.keys.sorted() where !known.contains(key) {
            let words = "The plugin has no setting \(key) any more. The value is kept as long as it is sent back."
            warnings.append(.init(code: .unusedSetting, key: key, message: words))
        }
        return warnings
    }

    /// The fields whose choices the plugin computes, with the values that were chosen and are not the default.
    func chosen(in values: Values) -> [(field: SettingsField, source: String, values: [String])] {
        let values = arranged(values)
        return schema.fields.compactMap { field in
            guard let source = field.optionsFrom, isSet(field, in: values), isVisible(field, values),
                let value = values.settings[field.key]
            else { return nil }
            return (field, source, value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? [])
        }
    }

    /// Whether a field has a value of its own.
    private func isSet(_ field: SettingsField, in values: Values) -> Bool {
        if values.secrets[field.key] != nil { return true }
        guard let value = values.settings[field.key] else { return false }
        return !value.isEmptyValue && value != field.default
    }

    private func isSame(_ key: String, _ values: Values, _ old: Values) -> Bool {
        values.settings[key] == old.settings[key] && values.secrets[key] == old.secrets[key]
    }
}

extension SettingsWarning {
    /// The choices that a plugin computes do not have `value` among them.
    init(unlisted value: String, in field: SettingsField, among options: [SettingsField.Option]) {
        let known = options.prefix(20).map(\.value).joined(separator: ", ") + (options.count > 20 ? ", ..." : "")
        let words =
            "\(field.label): \"\(value)\" is not among the choices (\(known)). Look for a spelling mistake; some services "
            + "also create what is missing."
        self.init(code: .unlistedOption, key: field.key, message: words)
    }
}
