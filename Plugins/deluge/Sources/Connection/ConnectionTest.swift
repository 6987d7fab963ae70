import PluginAPI

/// Tries a connection from the login to the daemon, and says what will surprise.
struct ConnectionTest: Sendable {
    let settings: DelugeSettings
    let host: any HostServices

    /// Logs in anew, whatever sessions there are.
    ///
    /// - Throws: `PluginError` when deluge-web cannot be reached, or is none. A refused password and a daemon that does not
    ///   run are failed checks.
    func run() async throws -> ConnectionReport {
        let web = try Web(settings: settings, host: host)
        var report = ConnectionReport()
        report.checks = [.init("connection", ok: true)]
        do {
            _ = try await web.call("auth.check_session", as: Bool.self)
        } catch let error as PluginError where error.code == .unauthorized {
            report.checks.append(.init("login", ok: false, field: "password", message: error.message))
            return report
        }
        report.checks.append(.init("login", ok: true))
        do {
            try await web.connect()
        } catch let error as PluginError where error.code == .unreachable {
            report.checks.append(.init("daemon", ok: false, field: "host", message: error.message))
            return report
        }
        report.checks.append(.init("daemon", ok: true))
        try await look(web, &report)
        _ = try? await web.call("auth.delete_session", as: Bool.self)
        return report
    }

    private func look(_ web: Web, _ report: inout ConnectionReport) async throws {
        let version = try await web.call("daemon.get_version", as: String.self)
        report.version = version
        report.checks.append(.version(version, of: "Deluge", oldest: "2.0"))
        let configuration = try await web.configuration()
        report.savePath = settings.savePath.isEmpty ? configuration.finalFolder : settings.savePath
        let plugins = try await web.call("core.get_enabled_plugins", as: [String].self)
        let labels = try await web.labels()
        let path = report.savePath ?? ""
        report.categories = Dictionary(labels.map { ($0, path) }, uniquingKeysWith: { first, _ in first })
        if let check = checkLabel(plugins, labels) { report.checks.append(check) }
        report.checks.append(try await checkPath(report.savePath, web))
        report.warnings =
            ConnectionWarnings(
                settings: settings,
                configuration: configuration,
                address: web.endpoint.address
            ).all
    }

    private func checkLabel(_ plugins: [String], _ labels: [String]) -> ConnectionReport.Check? {
        do {
            guard let label = try Label(settings.category) else { return nil }
            guard plugins.contains("Label") else {
                return .init(
                    "category",
                    ok: false,
                    field: "category",
                    message: """
                        Deluge's Label plugin is off. Switch it on in Deluge under Preferences, Plugins, or leave the \
                        label empty.
                        """
                )
            }
            let message = labels.contains(label.name) ? nil : "It will be created with the first download."
            return .init("category", ok: true, field: "category", message: message)
        } catch {
            return .init("category", ok: false, field: "category", message: (error as? PluginError)?.message)
        }
    }

    private func checkPath(_ path: String?, _ web: Web) async throws -> ConnectionReport.Check {
        guard let path, try await web.freeSpace(in: path) < 0 else { return .init("savePath", ok: true) }
        let message = "Deluge does not see the folder \(path) yet; it makes folders where it may write."
        return .init("savePath", ok: true, field: "savePath", message: message)
    }
}
