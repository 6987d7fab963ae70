import FoundationEssentials
import HTTPServer
import PluginAPI
import PluginHosting

/// The plugins that were found: `/api/plugins`.
struct PluginsAPI: Sendable {
    let plugins: HostPlugins

    func register(in routes: inout RouteTable) {
        routes.suspending(
            .get,
            "/api/plugins",
            .admin,
            RouteDocument("Plugins", "All plugins with their state and why").answers(200, "PluginList"),
            list
        )
        routes.suspending(
            .post,
            "/api/plugins/rescan",
            .admin,
            RouteDocument("Plugins", "Look into the plugin folders again").answers(200, "PluginList"),
            rescan
        )
        for (verb, summary) in [
            ("enable", "Switch a plugin on"), ("disable", "Switch a plugin off; its instances are kept"),
            ("retry", "Try to load a plugin again"),
        ] {
            routes.suspending(
                .post,
                "/api/plugins/:id/" + verb,
                .admin,
                RouteDocument("Plugins", summary).answers(200, "Plugin").fails(404)
            ) { request, _ in try await change(request.parameters["id"], verb) }
        }
    }

    private func list(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        var writer = JSONWriter(reserving: 4096)
        writer.array(plugins.entries) { writer, entry in Self.write(entry, to: &writer) }
        return .json(writer.bytes)
    }

    private func rescan(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        await plugins.rescan()
        return try await list(request, caller)
    }

    private func change(_ id: String, _ verb: String) async throws -> HTTPResponse {
        guard plugins.entries.contains(where: { $0.id == id }) else {
            throw HTTPError.notFound("There is no plugin with the id \(id).")
        }
        switch verb {
        case "enable": try await plugins.setEnabled(id, true)
        case "disable": try await plugins.setEnabled(id, false)
        default: try await plugins.retry(id)
        }
        guard let entry = plugins.entries.first(where: { $0.id == id }) else {
            throw HTTPError.notFound("There is no plugin with the id \(id).")
        }
        var writer = JSONWriter()
        Self.write(entry, to: &writer)
        return .json(writer.bytes)
    }

    static func write(_ entry: PluginEntry, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", entry.id)
            writer.member("name", entry.name)
            writer.member("version", entry.version)
            writer.member("kinds", entry.kinds.map(\.text))
            writer.member("path", entry.path)
            writer.member("state", entry.state.rawValue)
            writer.member("code", entry.code?.rawValue)
            writer.member("reason", entry.reason)
            writer.key("manifest")
            if let manifest = entry.manifest, let json = try? JSONEncoder().encode(manifest) {
                writer.raw(json)
            } else {
                writer.null()
            }
        }
    }
}
