import PluginAPI

/// Tries an indexer: what it says of itself, whether it takes the key, and whether the settings fit it.
struct ConnectionTest: Sendable {
    let server: IndexerServer
    let capabilities: CapabilitiesStore

    /// - Throws: `PluginError` when nothing can be found out. A refused key is a failed check.
    func run() async throws -> ConnectionReport {
        do {
            return try await report()
        } catch let error as PluginError where error.code == .unauthorized || error.code == .forbidden {
            var report = ConnectionReport()
            report.checks = [
                .init("connection", ok: true),
                .init("login", ok: false, field: error.field ?? "apiKey", message: error.message),
            ]
            return report
        }
    }

    private func report() async throws -> ConnectionReport {
        let known = try await capabilities.refresh()
        // Indexers tell anybody what they can do; only a search needs the key.
        let releases = try await search(known)
        var report = ConnectionReport(version: version(known))
        report.checks = [
            .init("connection", ok: true), .init("login", ok: true), searchCheck(known), resultCheck(releases),
        ]
        report.checks += categoryChecks(known)
        report.warnings = warnings(known)
        return report
    }

    private func version(_ known: Capabilities) -> String? {
        let words = [known.server, known.version].compactMap(\.self).map(server.words).filter { !$0.isEmpty }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private func search(_ known: Capabilities) async throws -> Int {
        guard let function = [.search, .movie, .series].first(where: { known.functions[$0] != nil }) else { return 0 }
        var query = Query(function.rawValue)
        query["limit"] = "5"
        if !server.settings.categories.isEmpty {
            query["cat"] = server.settings.categories.map(String.init).joined(separator: ",")
        }
        let feed = Feed()
        try await server.ask(query, for: feed)
        return feed.items.count { $0.release != nil }
    }

    private func searchCheck(_ known: Capabilities) -> ConnectionReport.Check {
        guard known.functions.isEmpty else { return .init("search", ok: true) }
        return .init("search", ok: false, field: "url", message: "The indexer says that it offers no search at all.")
    }

    private func resultCheck(_ releases: Int) -> ConnectionReport.Check {
        let words = releases > 0 ? nil : "It lists nothing new. Check the categories if that goes on."
        return .init("results", ok: true, field: "categories", message: words)
    }

    private func categoryChecks(_ known: Capabilities) -> [ConnectionReport.Check] {
        let ids = Set(known.categories.map(\.id))
        let missing = server.settings.categories.filter { !ids.contains($0) }
        guard !server.settings.categories.isEmpty, !ids.isEmpty else { return [] }
        guard !missing.isEmpty else { return [.init("categories", ok: true, field: "categories")] }
        let list = missing.prefix(10).map(String.init).joined(separator: ", ")
        let words = "The indexer has no category \(list). Pick others."
        return [.init("categories", ok: false, field: "categories", message: words)]
    }

    private func warnings(_ known: Capabilities) -> [ConnectionReport.Warning] {
        var warnings: [ConnectionReport.Warning] = []
        if known.functions[.movie]?.isDisjoint(with: ["imdbid", "tmdbid"]) ?? true {
            warnings.append(
                .init("movies_by_text", "It cannot search movies by their ids, so they are searched by title.")
            )
        }
        if known.functions[.series]?.isDisjoint(with: ["tvdbid", "imdbid", "tmdbid"]) ?? true {
            warnings.append(
                .init("series_by_text", "It cannot search series by their ids, so they are searched by title.")
            )
        }
        return warnings
    }
}
