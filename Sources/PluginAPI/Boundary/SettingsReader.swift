import FoundationEssentials

/// Reads the settings of an instance the way the manifest's form describes them.
enum SettingsReader {
    /// The settings in `json`, after old names and defaults of the form have been applied.
    ///
    /// - Throws: `.invalid` naming the field that is missing or of the wrong type.
    static func read<P: Plugin>(_ json: Data, for plugin: P.Type) throws(PluginError) -> P.Settings {
        let given = try WireJSON.decodeParameters([String: JSONValue].self, from: json)
        let filled = fill(given, from: plugin.manifest.settings)
        guard let complete = try? WireJSON.encode(filled) else {
            throw PluginError(.invalid, "The settings hold a number that JSON cannot express.")
        }
        return try WireJSON.decodeParameters(P.Settings.self, from: complete)
    }

    private static func fill(_ given: [String: JSONValue], from form: SettingsSchema) -> [String: JSONValue] {
        var values = form.renaming(given)
        for field in form.fields where values[field.key] == nil || values[field.key] == .null {
            values[field.key] = field.default ?? values[field.key]
        }
        return values
    }
}
