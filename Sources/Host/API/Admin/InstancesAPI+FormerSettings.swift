import HTTPServer
import PluginAPI

/// Settings that were replaced when the version of a plugin's form changed, and the way back to them.
extension InstancesAPI {
    func registerFormerSettings(in routes: inout RouteTable) {
        routes.suspending(
            .get,
            path + "/:id/former-settings",
            .admin,
            RouteDocument(group, "Settings for other versions of the plugin's form").answers(200, "FormerSettings")
                .fails(404),
            formerSettings
        )
        routes.suspending(
            .post,
            path + "/:id/former-settings/:version/restore",
            .admin,
            RouteDocument(group, "Go back to former settings").answers(200, "Instance").fails(404),
            restore
        )
    }

    private func formerSettings(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let instance = try await find(request)
        let manifest = plugins.manifest(of: instance.implementation)
        var writer = JSONWriter()
        writer.array(try await registry.formerSettings(of: instance.id)) { writer, former in
            writer.object { writer in
                writer.member("version", former.version)
                writer.member("replaced", former.replaced)
                writer.member("settings", json: .object(shown(former.values, manifest)))
            }
        }
        return .json(writer.bytes)
    }

    private func restore(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let instance = try await find(request)
        let version = request.parameters["version"]
        guard let number = Int(version),
            let restored = try await registry.restoreSettings(of: instance.id, version: number)
        else { throw HTTPError.notFound("\(instance.name) has no former settings of version \(version).") }
        return respond(restored, await registry.warnings(about: restored, since: restored))
    }

    /// Under the keys that they had; what the form takes for a secret now is not shown either.
    private func shown(_ values: SettingsForm.Values, _ manifest: PluginManifest?) -> [String: JSONValue] {
        let secret = Set((manifest?.settings.fields ?? []).lazy.filter { $0.type == .secret }.map(\.key))
        var shown = values.settings
        for key in shown.keys where secret.contains(key) { shown[key] = ["set": true] }
        for key in values.secrets.keys { shown[key] = ["set": true] }
        return shown
    }
}
