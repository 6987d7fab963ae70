package import FoundationEssentials
package import PluginAPI

/// A plugin of which instances can be made, wherever its code runs.
package protocol UsablePlugin: Sendable {
    /// What the plugin says about itself.
    var manifest: PluginManifest { get }
    /// The file that its code is in.
    var path: String { get }

    /// Creates an instance.
    ///
    /// - Parameters:
    ///   - settings: a JSON object, secrets included.
    ///   - host: what the host does for this instance.
    ///   - limit: how long the plugin may take.
    /// - Throws: what the plugin says about the settings, `.deadlineExceeded`, or `.pluginCrashed`.
    func makeInstance(
        settings: Data,
        host: any HostEndpoint,
        within limit: Duration
    ) async throws(PluginError) -> any PluginConnection

    /// Has the plugin change stored settings, so that they fit its form; that needs no instance.
    ///
    /// - Parameters:
    ///   - settings: a JSON object, secrets included, after old names have been followed.
    ///   - version: the version of the form that the settings fit, lower than the manifest's.
    ///   - limit: how long the plugin may take.
    /// - Returns: a JSON object; `settings` as they are when the plugin has no `migrate` in its table.
    /// - Throws: what the plugin says, `.deadlineExceeded`, `.badResponse`, or `.pluginCrashed`.
    func migrate(
        _ settings: Data,
        from version: Int,
        within limit: Duration
    ) async throws(PluginError) -> Data
}

extension UsablePlugin {
    /// How long a plugin may take to create an instance: it must not wait for anything there.
    package static var creationLimit: Duration { .seconds(15) }
}

/// An instance of a plugin that can be called.
package protocol PluginConnection: PluginTransport {
    /// Ends the instance after its open calls have been cancelled.
    func shutDown() async
}
