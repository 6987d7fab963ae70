import FoundationEssentials
import PluginAPI
import PluginHosting

/// The plugins of this server, as the registry and the API use them.
struct HostPlugins: PluginSource {
    let catalog: PluginCatalog

    var entries: [PluginEntry] { catalog.entries }

    func manifest(of id: String) -> PluginManifest? { catalog.plugin(id)?.manifest }

    func reasonAgainst(_ id: String) -> String {
        guard let entry = catalog.entry(id) else {
            return
                "There is no plugin \(id). Put its folder into a plugin folder; GET /api/plugins lists what is there."
        }
        return "The plugin \(id) is \(entry.state.rawValue)" + (entry.reason.map { ": \($0)" } ?? ".")
    }

    func connect(
        _ id: String,
        settings: Data,
        services: any HostServices
    ) async throws(PluginError) -> any PluginConnection {
        guard let plugin = catalog.plugin(id) else { throw PluginError(.unsupported, reasonAgainst(id)) }
        return try await plugin.makeInstance(
            settings: settings,
            host: HostService(services: services),
            within: .seconds(15)
        )
    }

    func migrate(_ id: String, settings: Data, from version: Int) async throws(PluginError) -> Data {
        guard let plugin = catalog.plugin(id) else { throw PluginError(.unsupported, reasonAgainst(id)) }
        return try await plugin.migrate(settings, from: version, within: .seconds(10))
    }

    /// Looks into the folders again, away from the threads that serve requests: it runs the code of new plugins.
    func rescan() async {
        await BlockingWork.run { catalog.scan() }
    }

    func setEnabled(_ id: String, _ isEnabled: Bool) async throws {
        try await BlockingWork.run { isEnabled ? try catalog.enable(id) : try catalog.disable(id) }
    }

    func retry(_ id: String) async throws {
        try await BlockingWork.run { try catalog.retry(id) }
    }
}
