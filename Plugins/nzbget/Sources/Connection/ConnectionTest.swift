import PluginAPI

/// Tries the connection, the login and what downloads will need.
struct ConnectionTest: Sendable {
    let api: API
    let settings: NZBGetSettings

    /// - Throws: `PluginError` when the server cannot be reached, or is no NZBGet. A refused login is a failed check.
    func run() async throws -> ConnectionReport {
        var report = ConnectionReport()
        do {
            let version = try await api.call(String.self, "version")
            guard version.utf8.count < 60, !version.contains("<") else { throw api.endpoint.nonsense("version") }
            report.version = version
            // A user who may only add is told the version and little else.
            let configuration = try await api.configuration()
            let status = try await api.status()
            report.checks = [.init("connection", ok: true), .init("login", ok: true)]
            report.checks.append(.version(version, of: "NZBGet", oldest: "16"))
            inspect(configuration, status, &report)
        } catch let error as PluginError where error.code == .unauthorized || error.code == .forbidden {
            report.checks = [
                .init("connection", ok: true),
                .init("login", ok: false, field: error.field ?? "password", message: error.message),
            ]
        }
        return report
    }

    private func inspect(_ configuration: Configuration, _ status: ServerStatus, _ report: inout ConnectionReport) {
        // The folder of a category that is not known is not there before its first download.
        report.savePath = configuration.folder(of: knows(settings.category, configuration) ? settings.category : "")
        report.categories = Dictionary(
            configuration.categories.map { ($0.name, $0.folder) },
            uniquingKeysWith: { first, _ in first }
        )
        report.checks += categoryCheck(configuration)
        report.checks.append(postProcessingCheck(configuration))
        report.checks.append(historyCheck(configuration))
        report.checks.append(serverCheck(configuration))
        report.warnings = ConnectionWarnings(configuration: configuration, status: status, endpoint: api.endpoint).all
    }

    private func knows(_ category: String, _ configuration: Configuration) -> Bool {
        configuration.categories.contains { $0.name.lowercased() == category.lowercased() }
    }

    private func categoryCheck(_ configuration: Configuration) -> [ConnectionReport.Check] {
        guard !settings.category.isEmpty else { return [] }
        guard JobAdder.canBeFolder(settings.category) else {
            return [.init("category", ok: false, field: "category", message: JobAdder.categoryRule)]
        }
        let message =
            knows(settings.category, configuration)
            ? nil : "NZBGet does not know this category; it becomes a folder of that name."
        return [.init("category", ok: true, field: "category", message: message)]
    }

    /// Without unpacking, all that arrives is archives.
    private func postProcessingCheck(_ configuration: Configuration) -> ConnectionReport.Check {
        let category = configuration.categories.first { $0.name.lowercased() == settings.category.lowercased() }
        guard !configuration.isOn("Unpack", default: true) || category?.unpacks == false else {
            return .init("post_processing", ok: true)
        }
        return .init(
            "post_processing",
            ok: false,
            field: "category",
            message: """
                NZBGet does not unpack what it downloads. Turn Unpack on under Settings > Unpack, and for the category \
                under Settings > Categories.
                """
        )
    }

    private func historyCheck(_ configuration: Configuration) -> ConnectionReport.Check {
        guard configuration.text("KeepHistory") == "0" else { return .init("history", ok: true) }
        return .init(
            "history",
            ok: false,
            message: """
                NZBGet keeps no history, so Kinodock would never learn that a download is complete. Set KeepHistory \
                under Settings > Download Queue to some days.
                """
        )
    }

    private func serverCheck(_ configuration: Configuration) -> ConnectionReport.Check {
        guard configuration.newsServers.isEmpty else { return .init("news_servers", ok: true) }
        return .init(
            "news_servers",
            ok: false,
            message: "NZBGet has no news server, so nothing can be downloaded. Add one under Settings > News-Servers."
        )
    }
}
