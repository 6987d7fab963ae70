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
        let use = try hold(id)
        do {
            let host = HostService(services: services)
            let connection = try await use.plugin.makeInstance(
                settings: settings,
                host: host,
                within: LoadedPlugin.creationLimit
            )
            return HeldConnection(connection: connection, use: use)
        } catch {
            use.release()
            throw error
        }
    }

    func migrate(_ id: String, settings: Data, from version: Int) async throws(PluginError) -> Data {
        let use = try hold(id)
        defer { use.release() }
        return try await use.plugin.migrate(settings, from: version, within: .seconds(10))
    }

    /// Looks into the folders again.
    ///
    /// - Throws: as `PluginCatalog.rescan`.
    func rescan() async throws { try await catalog.rescan() }

    /// The plugin, which does not end before it is released.
    private func hold(_ id: String) throws(PluginError) -> UsedPlugin {
        // One that is replaced between being found and being held has a successor, and hardly ever that one as well.
        for _ in 0..<100 {
            guard let use = catalog.use(id) else { break }
            if use.hold() { return use }
        }
        throw PluginError(.unsupported, reasonAgainst(id))
    }

    /// Lets the plugin end when the connection has.
    private struct HeldConnection: PluginConnection {
        let connection: any PluginConnection
        let use: UsedPlugin

        func call(
            method: String,
            json: Data,
            attachment: Data?,
            deadline: Duration
        ) async throws(PluginError) -> (json: Data, attachment: Data?) {
            try await connection.call(method: method, json: json, attachment: attachment, deadline: deadline)
        }

        func shutDown() async {
            await connection.shutDown()
            use.release()
        }
    }
}
