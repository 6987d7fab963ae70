import FoundationEssentials
import PluginAPI
import PluginHosting

/// Where the registry gets plugins from.
protocol PluginSource: Sendable {
    /// The manifest of the plugin `id`, or `nil` when it cannot be used now.
    func manifest(of id: String) -> PluginManifest?

    /// Why the plugin `id` cannot be used now, in words.
    func reasonAgainst(_ id: String) -> String

    /// Creates an instance of the plugin `id`.
    ///
    /// - Parameter settings: JSON, secrets included.
    func connect(
        _ id: String,
        settings: Data,
        services: any HostServices
    ) async throws(PluginError) -> any PluginConnection

    /// Has the plugin `id` change stored settings, so that they fit its form; without an instance and a connection.
    ///
    /// - Parameters:
    ///   - settings: JSON, secrets included, under the keys of the form.
    ///   - version: the version of the form that they fit, lower than that of the plugin.
    /// - Returns: JSON, secrets included; `settings` when the plugin has nothing to do for it.
    func migrate(_ id: String, settings: Data, from version: Int) async throws(PluginError) -> Data
}
