import HTTPServer
import PluginAPI

/// The plugins that were found, and what can be done with them: `/api/plugins`.
struct PluginsAPI: Sendable {
    let plugins: HostPlugins

    private typealias Act = @Sendable (PluginCatalog, _ id: String) async throws -> Void

    func register(in routes: inout RouteTable) {
        routes.suspending(
            .get,
            "/api/plugins",
            .admin,
            document("All plugins with their state and why").answers(200, "PluginList"),
            list
        )
        routes.suspending(
            .get,
            "/api/plugins/:id",
            .admin,
            document("One plugin").answers(200, "Plugin").fails(404)
        ) { request, _ in try show(request.parameters["id"]) }
        routes.suspending(
            .post,
            "/api/plugins/rescan",
            .admin,
            document("Look into the plugin folders again").answers(200, "PluginList").fails(409),
            rescan
        )
        act("enable", "Switch a plugin on", in: &routes) { try await $0.enable($1) }
        act("disable", "Switch a plugin off; its instances are kept", in: &routes) { try await $0.disable($1) }
        act("retry", "Forget why a plugin was given up, and try it again", in: &routes) { try await $0.retry($1) }
        act("accept", "Let the changed file of a plugin in", in: &routes) { try await $0.accept($1) }
        routes.suspending(
            .put,
            "/api/plugins/:id/isolation",
            .admin,
            document("Choose where the code of a plugin runs").body("PluginIsolation").answers(200, "Plugin")
                .fails(404, 409),
            isolate
        )
    }

    private func document(_ summary: String) -> RouteDocument { RouteDocument("Plugins", summary) }

    private func act(_ verb: String, _ summary: String, in routes: inout RouteTable, _ act: @escaping Act) {
        routes.suspending(
            .post,
            "/api/plugins/:id/" + verb,
            .admin,
            document(summary).answers(200, "Plugin").fails(404, 409)
        ) { request, _ in try await change(request.parameters["id"], act) }
    }

    private func list(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        .json(PluginEntry.json(of: plugins.entries))
    }

    private func show(_ id: String) throws -> HTTPResponse {
        guard let entry = plugins.catalog.entry(id) else { throw PluginActionError.unknown(id) }
        var writer = JSONWriter()
        entry.write(to: &writer)
        return .json(writer.bytes)
    }

    private func rescan(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        try await inWords { try await plugins.rescan() }
        return try await list(request, caller)
    }

    private func change(_ id: String, _ act: Act) async throws -> HTTPResponse {
        try await inWords { try await act(plugins.catalog, id) }
        return try show(id)
    }

    private func isolate(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        struct Body: Decodable {
            var mode: String
        }
        let mode = try request.decodeJSON(Body.self).mode
        guard let setting = IsolationSetting(rawValue: mode) else {
            throw HTTPError.validation("mode", "Must be \(IsolationSetting.words).")
        }
        return try await change(request.parameters["id"]) { try await $0.isolate($1, setting) }
    }

    /// A lock that cannot be read is for a person to repair, and not the fault of the server.
    private func inWords(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as CommandFailure {
            throw HTTPError(.conflict, code: "CONFLICT", failure.message)
        }
    }
}
