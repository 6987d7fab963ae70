import PluginAPI

/// Finds mistakes in a manifest and its settings form that the server would live with, but people would not.
enum SchemaLint {
    typealias Finding = PluginLint.Finding

    static func findings(in manifest: PluginManifest) -> [Finding] {
        let fields = manifest.settings.fields
        let all =
            head(of: manifest) + duplicates(in: fields) + fields.flatMap { findings(in: $0, among: fields) }
            + presets(of: manifest.settings)
        return all.filter { $0.weight == .error } + all.filter { $0.weight != .error }
    }

    private static func error(_ code: String, _ message: String) -> Finding { PluginLint.error(code, message) }
    private static func warning(_ code: String, _ message: String) -> Finding { PluginLint.warning(code, message) }

    private static func head(of manifest: PluginManifest) -> [Finding] {
        var found: [Finding] = []
        if manifest.name.isEmpty { found.append(error("no_name", "The manifest has an empty name; give it one.")) }
        if !isVersion(manifest.version) {
            found.append(warning("version", "The version \(manifest.version) is not of the form 1.2.3; write it so."))
        }
        for kind in manifest.kinds where kind.value == nil {
            found.append(warning("unknown_kind", "This server does not know the kind \(kind); check its spelling."))
        }
        if manifest.kinds.contains(.known(.downloadClient)), manifest.sources?.isEmpty != false {
            found.append(warning("no_sources", "A download client should say in sources what it takes; add them."))
        }
        return found
    }

    private static func isVersion(_ text: String) -> Bool {
        let core = text.prefix { $0 != "-" && $0 != "+" }.split(separator: ".", omittingEmptySubsequences: false)
        return core.count == 3 && core.allSatisfy { UInt($0) != nil }
    }

    private static func duplicates(in fields: [SettingsField]) -> [Finding] {
        var seen: Set<String> = []
        return fields.filter { !seen.insert($0.key).inserted }.map {
            error("duplicate_key", "Two settings have the key \($0.key); rename one of them.")
        }
    }

    private static func findings(in field: SettingsField, among fields: [SettingsField]) -> [Finding] {
        var found: [Finding] = []
        let key = field.key
        if key.isEmpty { found.append(error("no_key", "The setting \"\(field.label)\" has no key; give it one.")) }
        if field.label.isEmpty { found.append(warning("no_label", "The setting \(key) has no label; give it one.")) }
        guard let type = field.type.value else {
            let message = "The setting \(key) has the type \(field.type), which is shown as text; check its spelling."
            return found + [warning("unknown_type", message)]
        }
        if let value = field.default, let fault = fault(of: value, in: field, type) {
            found.append(error("bad_default", "The default of the setting \(key) \(fault); correct it."))
        }
        if type == .select || type == .multiselect, field.options?.isEmpty != false, field.optionsFrom == nil {
            let message = "The setting \(key) is a \(type.rawValue), but has neither options nor options_from; add one."
            found.append(error("no_options", message))
        }
        if let least = field.min, let most = field.max, least > most {
            found.append(error("bad_range", "The setting \(key) has min \(least) above max \(most); swap them."))
        }
        if let condition = field.visibleWhen, !fields.contains(where: { $0.key == condition.key }) {
            let message = "The setting \(key) is visible when \(condition.key), which is no setting; correct its key."
            found.append(error("unknown_condition", message))
        }
        return found
    }

    private static func presets(of schema: SettingsSchema) -> [Finding] {
        (schema.presets ?? []).flatMap { preset in
            preset.values.keys.filter { key in !schema.fields.contains { $0.key == key } }.sorted().map {
                error("unknown_preset_key", "The preset \(preset.name) sets \($0), which is no setting; correct it.")
            }
        }
    }

    /// What is wrong with `value` as the default of a field, or `nil`.
    private static func fault(
        of value: JSONValue,
        in field: SettingsField,
        _ type: SettingsField.Kind
    ) -> String? {
        switch type {
        case .number: numberFault(value, field)
        case .bool: value.bool == nil ? "must be true or false" : nil
        case .select: optionFault([value], field)
        case .multiselect: value.array.map { optionFault($0, field) } ?? "must be a list"
        case .tags: value.array?.allSatisfy { $0.string != nil } == true ? nil : "must be a list of texts"
        case .keyValue: value.object?.values.allSatisfy { $0.string != nil } == true ? nil : "must be pairs of texts"
        case .info: "makes no sense, because an info has no value"
        case .secret: "makes no sense, because everybody can read it"
        case .text, .path, .url, .host, .oauth: value.string == nil ? "must be a text" : nil
        }
    }

    private static func numberFault(_ value: JSONValue, _ field: SettingsField) -> String? {
        guard let number = value.number else { return "must be a number" }
        let range = (field.min ?? -.infinity)...max(field.min ?? -.infinity, field.max ?? .infinity)
        return range.contains(number) ? nil : "is \(number), outside of \(range.lowerBound) to \(range.upperBound)"
    }

    private static func optionFault(_ values: [JSONValue], _ field: SettingsField) -> String? {
        // Options that the plugin computes are not known here.
        guard field.optionsFrom == nil else { return nil }
        let known = (field.options ?? []).map(\.value)
        let unknown = values.first { value in !known.contains { JSONValue.string($0) == value } }
        return unknown == nil ? nil : "is not one of its options"
    }
}
