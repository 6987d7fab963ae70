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

    package func migrate(
        _ settings: Data,
        from version: Int,
        within limit: Duration
    ) async throws(PluginError) -> Data {
        guard let function = functions.migrate else { return settings }
        let parameters = try MigrationParameters.json(from: version, settings: settings)
        let call = LiveInstances.shared.add { InProcessTransport(number: $0, plugin: self, host: NoInstance()) }
        let reply = try await call.migrate(function, parameters, within: limit)
        return try MigrationResult.settings(in: reply, from: "The plugin \(manifest.id)")
    }
}

/// The host of a call that belongs to no instance.
private struct NoInstance: HostEndpoint {
    func answer(
        method: String,
        json: Data,
        attachment: Data?
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        throw PluginError(.unsupported, "There is no instance for which the host could do anything.")
    }

    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {}
}
