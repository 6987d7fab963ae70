import FoundationEssentials
import PluginAPI

/// A configured backend: one plugin, one set of settings.
///
/// A plugin can have many.
struct Instance: Sendable, Identifiable {
    let id: String
    let kind: PluginManifest.Kind
    var name: String
    /// The id of the plugin.
    ///
    /// It may be missing; the instance is kept all the same.
    var implementation: String
    var isEnabled: Bool
    /// Lower comes first.
    var priority: Int
    /// Without secrets.
    var settings: [String: JSONValue]
    /// By settings key.
    ///
    /// Never leaves the server but to the plugin.
    var secrets: [String: String]
    var pathMappings: [PathMapping]
    var health = InstanceHealth()
    let created: Date
    var updated: Date

    /// What the plugin is given: settings and secrets in one object.
    var pluginSettings: Data {
        let merged = settings.merging(secrets.mapValues(JSONValue.string)) { _, secret in secret }
        return Data(JSONWriter.text(.object(merged)).utf8)
    }

    /// Whether a connection of one serves the other as well.
    func connects(like other: Instance) -> Bool {
        implementation == other.implementation && settings == other.settings && secrets == other.secrets
    }
}
