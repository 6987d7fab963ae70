import PluginAPI

/// Tries the connection, the key and what downloads will need.
struct ConnectionTest: Sendable {
    let api: API
    let settings: SABnzbdSettings

    /// - Throws: `PluginError` when the server cannot be reached, or is no SABnzbd. A refused key or host name is a
    ///   failed check.
    func run() async throws -> ConnectionReport {
        var report = ConnectionReport()
        do {
            report.version = try await version()
            report.checks.append(.init("connection", ok: true))
            let key = try await KeyKind(api)
            report.checks.append(check(key))
            guard case .api = key else { return report }
        } catch let error as PluginError where error.code == .unauthorized || error.code == .forbidden {
            report.checks.append(.init("connection", ok: false, field: error.field ?? "host", message: error.message))
            return report
        }
        report.checks.append(.version(report.version ?? "", of: "SABnzbd", oldest: "3.0"))
        try await inspect(&report)
        return report
    }

    /// The version, for which no key is needed; also the place where another program at this address is noticed.
    private func version() async throws -> String {
        struct Answer: Decodable { var version: String }
        let version = try await api.call(Answer.self, "version").version
        guard version.utf8.count < 60, !version.contains("<") else { throw api.endpoint.nonsense("version") }
        return version
    }

    private func check(_ key: KeyKind) -> ConnectionReport.Check {
        switch key {
        case .api: .init("login", ok: true)
        case .nzb:
            .init(
                "login",
                ok: false,
                field: "apiKey",
                message: """
                    This is SABnzbd's NZB key, which may add downloads but not follow them. Enter the API key. \
                    \(API.whereTheKeyIs)
                    """
            )
        case .wrong:
            .init(
                "login",
                ok: false,
                field: "apiKey",
                message: "SABnzbd refuses this API key. \(API.whereTheKeyIs)"
            )
        }
    }

    private func inspect(_ report: inout ConnectionReport) async throws {
        let preferences = try await api.misc(Preferences.self)
        let categories = try await api.categories()
        let servers = try await api.newsServers()
        let queue = try await api.queue()
        let base = preferences.complete
        let folders = FolderNames(base: base)
        report.savePath = folders.path(of: settings.category, categories)
        report.categories = Dictionary(
            categories.filter { $0.name != "*" }.map { ($0.name, folders.path(of: $0.name, categories)) },
            uniquingKeysWith: { first, _ in first }
        )
        report.checks.append(folderCheck(base))
        report.checks += categoryCheck(categories)
        report.checks.append(postProcessingCheck(categories))
        report.checks.append(serverCheck(servers))
        report.warnings =
            ConnectionWarnings(preferences: preferences, queue: queue, servers: servers, endpoint: api.endpoint).all
    }

    private func folderCheck(_ base: String) -> ConnectionReport.Check {
        guard base.hasPrefix("/") else {
            return .init(
                "save_path",
                ok: true,
                message: """
                    SABnzbd names its folder “\(base)” without where it begins. Downloads are found nevertheless; a full \
                    path under Config > Folders makes it clear.
                    """
            )
        }
        return .init("save_path", ok: true)
    }

    private func categoryCheck(_ categories: [JobCategory]) -> [ConnectionReport.Check] {
        guard !settings.category.isEmpty else { return [] }
        let exists = categories.contains { $0.name.lowercased() == settings.category.lowercased() }
        guard exists || CategoryKeeper.canBeMade(settings.category) else {
            let refusal = CategoryKeeper.refusal(of: settings.category)
            return [.init("category", ok: false, field: "category", message: refusal.message)]
        }
        let message = exists ? nil : "It will be created with the first download."
        return [.init("category", ok: true, field: "category", message: message)]
    }

    /// Without unpacking, all that arrives is archives.
    private func postProcessingCheck(_ categories: [JobCategory]) -> ConnectionReport.Check {
        let own = categories.first { $0.name.lowercased() == settings.category.lowercased() }?.steps
        let steps = own ?? categories.first { $0.name == "*" }?.steps ?? 3
        guard steps < 2 else { return .init("post_processing", ok: true) }
        return .init(
            "post_processing",
            ok: false,
            field: "category",
            message: """
                SABnzbd does not unpack what it downloads in this category. Set its processing to +Unpack or +Delete \
                under Config > Categories.
                """
        )
    }

    private func serverCheck(_ servers: [NewsServer]) -> ConnectionReport.Check {
        guard servers.isEmpty else { return .init("news_servers", ok: true) }
        return .init(
            "news_servers",
            ok: false,
            message: "SABnzbd has no news server, so nothing can be downloaded. Add one under Config > Servers."
        )
    }
}
