import PluginAPI

/// Tries a connection from the login on, and says what will surprise.
struct ConnectionTest: Sendable {
    let server: Server
    let settings: QBittorrentSettings

    /// Logs in anew, whatever sessions there are.
    ///
    /// - Throws: `PluginError` when the server cannot be reached, or is no qBittorrent. Refused credentials are a
    ///   failed check.
    func run() async throws -> ConnectionReport {
        let api = WebAPI(server)
        do {
            let report = try await report(api)
            await api.session.close()
            return report
        } catch let error as PluginError where error.code == .unauthorized || error.code == .forbidden {
            var report = ConnectionReport()
            report.checks = [
                .init("connection", ok: true),
                .init("login", ok: false, field: error.field ?? "password", message: error.message),
            ]
            return report
        }
    }

    private func report(_ api: WebAPI) async throws -> ConnectionReport {
        let version = try await versionText(api)
        let apiVersion = try await api.text("app/webapiVersion")
        let preferences = try await api.preferences()
        let categories = try await api.categories()
        var report = ConnectionReport(version: version, apiVersion: apiVersion)
        report.savePath = settings.savePath.isEmpty ? preferences.savePath : settings.savePath
        report.categories = categories.mapValues { path(of: $0, preferences) }
        report.checks = [.init("connection", ok: true), .init("login", ok: true), check(apiVersion)]
        report.checks += categoryCheck(categories)
        report.warnings = ConnectionWarnings(settings: settings, preferences: preferences, categories: categories).all
        return report
    }

    /// The version; also the place where another program at this address is noticed.
    private func versionText(_ api: WebAPI) async throws -> String {
        let text = try await api.text("app/version")
        guard text.utf8.count < 40, text.contains(where: \.isNumber), !text.contains("<") else {
            throw server.nonsense("version")
        }
        return text
    }

    private func check(_ apiVersion: String) -> ConnectionReport.Check {
        guard let major = apiVersion.split(separator: ".").first.flatMap({ Int($0) }), major < 2 else {
            return .init("api", ok: true)
        }
        return .init(
            "api",
            ok: false,
            message: "The Web API \(apiVersion) is too old: qBittorrent 4.1 or newer is needed."
        )
    }

    private func categoryCheck(_ categories: [String: Category]) -> [ConnectionReport.Check] {
        guard !settings.category.isEmpty else { return [] }
        let message = categories[settings.category] == nil ? "It will be created with the first download." : nil
        return [.init("category", ok: true, field: "category", message: message)]
    }

    private func path(of category: Category, _ preferences: Preferences) -> String {
        guard let path = category.savePath, !path.isEmpty else { return preferences.savePath ?? "" }
        return path
    }
}
