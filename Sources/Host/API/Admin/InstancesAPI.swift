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

    var path: String { kind.apiPath }

    var group: String {
        switch kind {
        case .downloadClient: "Download clients"
        case .indexer: "Indexers"
        case .metadataProvider: "Metadata providers"
        case .notifier: "Notifiers"
        }
    }

    /// The table of the routes; that is why it is long.
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
        registerFormerSettings(in: &routes)
    }

    private func list(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let instances = await registry.instances(of: kind)
        var writer = JSONWriter(reserving: 1024 * instances.count + 2)
        var warnings: [[SettingsWarning]] = []
        for instance in instances { warnings.append(await registry.warnings(about: instance, since: instance)) }
        writer.array(zip(instances, warnings)) { writer, entry in self.write(entry.0, entry.1, to: &writer) }
        return .json(writer.bytes)
    }

    private func show(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let instance = try await find(request)
        return respond(instance, await registry.warnings(about: instance, since: instance))
    }

    private func create(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let instance = try request.decodeJSON(InstanceBody.self).draft
            .instance(replacing: nil, kind: kind, plugins: plugins, now: clock.now)
        let doubts = try await registry.check(instance)
        try await save(instance)
        return respond(instance, await registry.warnings(about: instance, since: nil) + doubts, status: .created)
    }

    private func update(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let draft = try request.decodeJSON(InstanceBody.self).draft
        guard draft.preset == nil else {
            throw HTTPError.validation("preset", "A preset is something to begin with: send it with a new instance.")
        }
        await registry.bringUpToDate(try await find(request).id)
        let old = try await find(request)
        var instance = try draft.instance(replacing: old, kind: kind, plugins: plugins, now: clock.now)
        let isSame = old.connects(like: instance) && old.settingsVersion == instance.settingsVersion
        let doubts = isSame ? [] : try await registry.check(instance)
        instance.health = InstanceHealth()
        try await save(instance)
        return respond(instance, await registry.warnings(about: instance, since: old) + doubts)
    }

    private func remove(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        try await registry.delete(try await find(request).id)
        return .empty(.noContent)
    }

    func find(_ request: HTTPRequest) async throws -> Instance {
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

    func respond(_ instance: Instance, _ warnings: [SettingsWarning], status: HTTPStatus = .ok) -> HTTPResponse {
        var writer = JSONWriter(reserving: 1024)
        write(instance, warnings, to: &writer)
        return .json(writer.bytes, status: status)
    }

    private func write(_ instance: Instance, _ warnings: [SettingsWarning], to writer: inout JSONWriter) {
        let manifest = plugins.manifest(of: instance.implementation)
        writer.object { writer in
            writer.member("id", instance.id)
            writer.member("name", instance.name)
            writer.member("implementation", instance.implementation)
            writer.member("enabled", instance.isEnabled)
            writer.member("priority", instance.priority)
            writer.member("settings", json: .object(masked(instance.values, manifest)))
            writer.member("settingsVersion", instance.settingsVersion)
            writer.key("pathMappings")
            writer.array(instance.pathMappings) { writer, mapping in
                writer.object { writer in
                    writer.member("remote", mapping.remote)
                    writer.member("local", mapping.local)
                }
            }
            writer.key("status")
            InstanceStanding(instance, plugins: plugins).writeStatus(to: &writer)
            writer.member("created", instance.created)
            writer.member("updated", instance.updated)
            writer.key("warnings")
            writer.array(warnings) { writer, warning in
                writer.object { writer in
                    writer.member("code", warning.code.rawValue)
                    writer.member("field", warning.key.map { "settings." + $0 })
                    writer.member("message", warning.message)
                }
            }
        }
    }

    /// Without the plugin there is no schema; the secrets that are stored are masked all the same.
    func masked(_ values: SettingsForm.Values, _ manifest: PluginManifest?) -> [String: JSONValue] {
        guard let manifest else {
            return values.settings.merging(values.secrets.mapValues { _ in ["set": true] }) { _, mask in mask }
        }
        return SettingsForm(schema: manifest.settings).masked(values)
    }
}
