import HTTPServer
import PluginAPI

/// Settings that are tried out, saved or not: tests of the connection, and the choices that a plugin computes.
extension InstancesAPI {
    func testSaved(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let draft = request.body.isEmpty ? nil : try request.decodeJSON(InstanceBody.self).draft
        await registry.bringUpToDate(try await find(request).id, again: true)
        let saved = try await find(request)
        // Settings in the body are tried in place of the stored ones, without being stored.
        let instance = try draft?.instance(replacing: saved, kind: kind, plugins: plugins, now: clock.now) ?? saved
        return await test(instance, since: saved)
    }

    func testUnsaved(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let (instance, saved) = try await unsaved(try request.decodeJSON(InstanceBody.self))
        return await test(instance, since: saved)
    }

    func options(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        struct Source: Decodable {
            var source: String
        }
        let source = try request.decodeJSON(Source.self).source
        let (instance, _) = try await unsaved(try request.decodeJSON(InstanceBody.self))
        let options = try await options(for: source, of: instance)
        var writer = JSONWriter()
        writer.array(options) { writer, option in
            writer.object { writer in
                writer.member("value", option.value)
                writer.member("label", option.label)
            }
        }
        return .json(writer.bytes)
    }

    private func options(for source: String, of instance: Instance) async throws -> [SettingsField.Option] {
        if let manifest = plugins.manifest(of: instance.implementation) {
            let sources = Set(manifest.settings.fields.compactMap(\.optionsFrom)).sorted()
            guard sources.contains(source) else {
                let words = sources.isEmpty ? "It computes none." : "There are: \(sources.joined(separator: ", "))."
                throw HTTPError.validation(
                    "source",
                    "No setting of \(manifest.name) has choices of this name. \(words)"
                )
            }
        }
        do throws(PluginError) {
            return try await registry.options(for: source, of: instance)
        } catch {
            switch error.code.value {
            case .invalid: throw SettingsRefusal(error)
            case .unsupported where plugins.manifest(of: instance.implementation) != nil:
                let words =
                    "The plugin \(instance.implementation) computes no choices for \(source): \(error.message) Enter the value by "
                    + "hand, or get a newer version of the plugin."
                throw HTTPError(.badRequest, code: "UNSUPPORTED", words)
            default: throw error
            }
        }
    }

    private func test(_ instance: Instance, since saved: Instance?) async -> HTTPResponse {
        var verdict = await connectionTest.run(instance)
        verdict.settingsWarnings = await registry.warnings(about: instance, since: saved)
        if verdict.isSuccess { verdict.settingsWarnings += await registry.unlistedOptions(of: instance) }
        return .json(verdict.json, status: verdict.isSuccess ? .ok : .badRequest)
    }

    /// An instance that is not stored, and the one that it would change; with `id` in the body, the secrets that are sent
    /// masked come from that one.
    private func unsaved(_ body: InstanceBody) async throws -> (Instance, saved: Instance?) {
        var saved: Instance?
        if let id = body.id {
            await registry.bringUpToDate(id, again: true)
            saved = await registry.instance(id)
            guard saved?.kind == kind else { throw HTTPError.validation("id", "There is no such instance.") }
        }
        return (try body.draft.instance(replacing: saved, kind: kind, plugins: plugins, now: clock.now), saved)
    }
}
