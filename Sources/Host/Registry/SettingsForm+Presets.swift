import PluginAPI

/// The named sets of values that a form offers to begin with.
extension SettingsForm {
    /// `sent` on top of the values of the preset `name`.
    ///
    /// - Throws: a refusal that names the presets, when there is none of that name.
    func applying(preset name: String, below sent: [String: JSONValue]) throws(SettingsRefusal) -> [String: JSONValue] {
        let presets = schema.presets ?? []
        guard let preset = presets.first(where: { $0.name == name }) else {
            let words =
                presets.isEmpty ? "The plugin has none." : "There are: \(presets.map(\.name).joined(separator: ", "))."
            throw SettingsRefusal("preset", "There is no such preset. \(words)")
        }
        // What is sent under a former name must win too.
        return schema.renaming(preset.values).merging(schema.renaming(sent)) { _, sent in sent }
    }
}
