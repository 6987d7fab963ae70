import FoundationEssentials
import PluginAPI

/// A plugin whose library is part of this process, until the process ends.
struct LoadedPlugin: Sendable {
    let manifest: PluginManifest
    let path: String
    /// The contract's minor version that the plugin was built with.
    let minor: UInt16
    let functions: PluginFunctions
    /// Shared by all instances of the plugin.
    let threads: PluginThreads

    /// Creates an instance.
    ///
    /// - Parameters:
    ///   - settings: a JSON object.
    ///   - services: what the host does for this instance.
    ///   - limit: how long the plugin may take.
    /// - Throws: what the plugin says about the settings, or `.deadlineExceeded`.
    func makeInstance(
        settings: Data,
        services: any HostServices,
        within limit: Duration = .seconds(15)
    ) async throws(PluginError) -> InProcessTransport {
        let instance = LiveInstances.shared.add { InProcessTransport(number: $0, plugin: self, services: services) }
        try await instance.create(settings: settings, within: limit)
        return instance
    }
}
