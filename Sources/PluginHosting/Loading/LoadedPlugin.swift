package import FoundationEssentials
package import PluginAPI

/// A plugin whose library is part of this process, until the process ends.
package struct LoadedPlugin: UsablePlugin {
    package let manifest: PluginManifest
    package let path: String
    /// The contract's minor version that the plugin was built with.
    package let minor: UInt16
    let functions: PluginFunctions
    /// Shared by all instances of the plugin.
    let threads: PluginThreads

    /// Creates an instance in this process.
    package func makeInstance(
        settings: Data,
        host: any HostEndpoint,
        within limit: Duration
    ) async throws(PluginError) -> any PluginConnection {
        try await makeTransport(settings: settings, host: host, within: limit)
    }

    /// As `makeInstance`, for a relay that counts the time itself.
    package func makeRelayed(
        settings: Data,
        host: any HostEndpoint,
        within limit: Duration
    ) async throws(PluginError) -> any RelayedInstance {
        try await makeTransport(settings: settings, host: host, within: limit)
    }

    /// As `makeInstance`.
    func makeTransport(
        settings: Data,
        host: any HostEndpoint,
        within limit: Duration = Self.creationLimit
    ) async throws(PluginError) -> InProcessTransport {
        let instance = LiveInstances.shared.add { InProcessTransport(number: $0, plugin: self, host: host) }
        try await instance.create(settings: settings, within: limit)
        return instance
    }
}
