import Cryptography
import FoundationEssentials
import PluginAPI

/// A configured backend: one plugin, one set of settings.
///
/// A plugin can have many.
struct Instance: Sendable, Identifiable {
    private(set) var id: String
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
    /// The version of the plugin's form that the settings fit.
    var settingsVersion = 1
    var pathMappings: [PathMapping]
    var health = InstanceHealth()
    let created: Date
    var updated: Date

    /// Settings and secrets.
    var values: SettingsForm.Values {
        get { .init(settings: settings, secrets: secrets) }
        set { (settings, secrets) = (newValue.settings, newValue.secrets) }
    }

    /// What a plugin with the form `schema` is given: settings and secrets in one object, under the form's own keys.
    func pluginSettings(for schema: SettingsSchema) -> Data {
        let values = SettingsForm(schema: schema).arranged(values)
        return Data(JSONWriter.text(.object(values.merged)).utf8)
    }

    /// The same settings under an id that nothing is stored for, so that what a plugin keeps while they are tried out is
    /// not taken from, nor left to, the instance itself.
    var onTrial: Instance {
        var trial = self
        trial.id = "trial-" + RandomBytes.uuid()
        return trial
    }

    /// Whether a connection of one serves the other as well.
    func connects(like other: Instance) -> Bool {
        implementation == other.implementation && settings == other.settings && secrets == other.secrets
    }
}
