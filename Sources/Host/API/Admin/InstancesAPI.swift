import FoundationEssentials
import HTTPServer
import PluginAPI
import SQLite

/// The configured instances of one kind of plugin: `/api/download-clients`, `/api/indexers`,
/// `/api/metadata-providers` and `/api/notifiers` all have the same verbs.
struct InstancesAPI: Sendable {
    let kind: PluginManifest.Kind
    let registry: Registry
    let plugins: any PluginSource
    let connectionTest: ConnectionTest
    let clock: any WallClock

    private var path: String {
        switch kind {
        case .downloadClient: "/api/download-clients"
        case .indexer: "/api/indexers"
        case .metadataProvider: "/api/metadata-providers"
        case .notifier: "/api/notifiers"
        }
    }

    private var group: String {
        switch kind {
        case .downloadClient: "Download clients"
        case .indexer: "Indexers"
        case .metadataProvider: "Metadata providers"
        case .notifier: "Notifiers"
        }
    }

    func register(in routes: inout RouteTable) {
        func document(_ summary: String) -> RouteDocument { RouteDocument(group, summary) }
        routes.suspending(.get, path, .admin, document("All instances").answers(200, "InstanceList"), list)
        routes.suspending(
            .post,
            path,
            .admin,
            document("Add an instance").body("InstanceBody").answers(201, "Instance").fails(409),
            create
        )
        routes.suspending(
            .post,
            path + "/test",
            .admin,
            document("Test settings that are not saved").body("InstanceTest").answers(200, "TestResult"),
            testUnsaved
        )
        routes.suspending(
            .post,
            path + "/options",
            .admin,
            document("The choices that a plugin computes for a field").body("OptionsBody").answers(200, "Options")
                .fails(502, 504),
            options
        )
        routes.suspending(
            .get,
            path + "/:id",
            .admin,
            document("One instance").answers(200, "Instance").fails(404),
            show
        )
        routes.suspending(
            .put,
            path + "/:id",
            .admin,
            document("Change an instance").body("InstanceChange").answers(200, "Instance").fails(404, 409),
            update
        )
        routes.suspending(
            .delete,
            path + "/:id",
            .admin,
            document("Delete an instance").answers(204).fails(404),
            remove
        )
        routes.suspending(
            .post,
            path + "/:id/test",
            .admin,
            document("Test the connection of an instance").optionalBody("InstanceChange").answers(200, "TestResult")
                .fails(404),
            testSaved
        )
    }

    private func list(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let instances = await registry.instances(of: kind)
        var writer = JSONWriter(reserving: 1024 * instances.count + 2)
        writer.array(instances) { writer, instance in self.write(instance, to: &writer) }
        return .json(writer.bytes)
    }

    private func show(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        respond(try await find(request))
    }

    private func create(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let instance = try request.decodeJSON(InstanceBody.self).draft
            .instance(replacing: nil, kind: kind, plugins: plugins, now: clock.now)
        try await save(instance)
        return respond(instance, status: .created)
    }

    private func update(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let old = try await find(request)
        var instance = try request.decodeJSON(InstanceBody.self).draft
            .instance(replacing: old, kind: kind, plugins: plugins, now: clock.now)
        instance.health = InstanceHealth()
        try await save(instance)
        return respond(instance)
    }

    private func remove(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        try await registry.delete(try await find(request).id)
        return .empty(.noContent)
    }

    private func testSaved(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        var instance = try await find(request)
        // Settings in the body are tried in place of the stored ones, without being stored.
        if !request.body.isEmpty {
            instance = try request.decodeJSON(InstanceBody.self).draft
                .instance(replacing: instance, kind: kind, plugins: plugins, now: clock.now)
        }
        return respond(await connectionTest.run(instance))
    }

    private func testUnsaved(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let body = try request.decodeJSON(InstanceBody.self)
        return respond(await connectionTest.run(try await unsaved(body)))
    }

    private func options(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        struct Source: Decodable {
            var source: String
        }
        let source = try request.decodeJSON(Source.self).source
        let instance = try await unsaved(try request.decodeJSON(InstanceBody.self))
        let options = try await registry.options(for: source, of: instance)
        var writer = JSONWriter()
        writer.array(options) { writer, option in
            writer.object { writer in
                writer.member("value", option.value)
                writer.member("label", option.label)
            }
        }
        return .json(writer.bytes)
    }

    /// An instance that is not stored; with `id` in the body, the secrets that are sent masked come from that one.
    private func unsaved(_ body: InstanceBody) async throws -> Instance {
        var old: Instance?
        if let id = body.id {
            old = await registry.instance(id)
            guard old?.kind == kind else { throw HTTPError.validation("id", "There is no such instance.") }
        }
        return try body.draft.instance(replacing: old, kind: kind, plugins: plugins, now: clock.now)
    }

    private func find(_ request: HTTPRequest) async throws -> Instance {
        let id = request.parameters["id"]
        guard let instance = await registry.instance(id), instance.kind == kind else {
            throw HTTPError.notFound("There is no instance with the id \(id).")
        }
        return instance
    }

    private func save(_ instance: Instance) async throws {
        do {
            try await registry.save(instance)
        } catch let error as SQLiteError where error.isUnique {
            throw HTTPError(
                .conflict,
                code: "NAME_TAKEN",
                "Another instance is called \"\(instance.name)\"; choose another name.",
                fields: [FieldError("name", "Another instance has this name.")]
            )
        }
    }

    private func respond(_ verdict: ConnectionVerdict) -> HTTPResponse {
        .json(verdict.json, status: verdict.isSuccess ? .ok : .badRequest)
    }

    private func respond(_ instance: Instance, status: HTTPStatus = .ok) -> HTTPResponse {
        var writer = JSONWriter(reserving: 1024)
        write(instance, to: &writer)
        return .json(writer.bytes, status: status)
    }

    private func write(_ instance: Instance, to writer: inout JSONWriter) {
        let manifest = plugins.manifest(of: instance.implementation)
        writer.object { writer in
            writer.member("id", instance.id)
            writer.member("name", instance.name)
            writer.member("implementation", instance.implementation)
            writer.member("enabled", instance.isEnabled)
            writer.member("priority", instance.priority)
            writer.member("settings", json: .object(masked(instance, manifest)))
            writer.key("pathMappings")
            writer.array(instance.pathMappings) { writer, mapping in
                writer.object { writer in
                    writer.member("remote", mapping.remote)
                    writer.member("local", mapping.local)
                }
            }
            writer.key("status")
            writer.object { writer in
                writer.member(
                    "health",
                    !instance.isEnabled ? "disabled" : manifest == nil ? "missing" : instance.health.status
                )
                writer.member(
                    "message",
                    manifest == nil ? plugins.reasonAgainst(instance.implementation) : instance.health.message
                )
                writer.member("consecutiveFailures", instance.health.failures)
                writer.member("nextAttempt", instance.health.nextAttempt)
            }
            writer.member("created", instance.created)
            writer.member("updated", instance.updated)
        }
    }

    /// Without the plugin there is no schema; the secrets that are stored are masked all the same.
    private func masked(_ instance: Instance, _ manifest: PluginManifest?) -> [String: JSONValue] {
        let values = SettingsForm.Values(settings: instance.settings, secrets: instance.secrets)
        guard let manifest else {
            return instance.settings.merging(instance.secrets.mapValues { _ in ["set": true] }) { _, mask in mask }
        }
        return SettingsForm(schema: manifest.settings).masked(values)
    }
}
