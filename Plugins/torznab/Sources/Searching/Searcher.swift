import FoundationEssentials
import PluginAPI

/// Searches an indexer: one way after the other until something is found, and page after page until there is enough.
struct Searcher: Sendable {
    /// Releases of one search.
    static let most = 1000
    /// Releases when the host does not say how many.
    private static let usual = 100
    private static let mostPages = 20
    /// Seconds after which nothing more is begun: what is found by then is worth more than a deadline that passes.
    private static let patience: TimeInterval = 20

    let server: IndexerServer
    let capabilities: CapabilitiesStore

    func search(_ query: ReleaseQuery) async throws -> [Release] {
        let start = server.host.now
        let capabilities = try await capabilities.current()
        let plan = try SearchPlan(query, capabilities, server.settings)
        let wanted = min(max(query.limit ?? Self.usual, 1), Self.most)
        let pages = Pages(
            offset: max(0, query.offset ?? 0),
            wanted: wanted,
            // As indexers do that do not say.
            size: min(capabilities.limit ?? 100, wanted),
            end: start + Self.patience
        )
        var failure: PluginError?
        for attempt in plan.attempts {
            do {
                let found = try await pages.collect(attempt, from: server)
                if !found.isEmpty { return found }
                failure = nil
            } catch let error as PluginError where error.code == .unsupported || error.code == .invalid {
                // Capabilities say more than is true, so the next way may do. None that fails hides one that worked.
                failure = failure ?? error
            }
            if server.host.now >= pages.end { break }
        }
        if let failure { throw failure }
        return []
    }

    /// How the pages of one way of searching are gone through.
    private struct Pages {
        let offset: Int
        let wanted: Int
        let size: Int
        let end: Date

        func collect(_ query: Query, from server: IndexerServer) async throws -> [Release] {
            var found: [Release] = []
            var seen: Set<String> = []
            var passed = offset
            for number in 0..<Searcher.mostPages {
                guard let feed = try await page(number, at: passed, query, server) else { break }
                let new = feed.items.compactMap(\.release).filter { seen.insert($0.guid + "\n" + $0.title).inserted }
                found += new.filter { isWanted($0, server.settings) }
                passed += feed.items.count
                // Nothing new is what an indexer answers that does not know pages and gives the first one again.
                if new.isEmpty || feed.items.count < size || found.count >= wanted { break }
                if let total = feed.total, passed >= total { break }
                if server.host.now >= end { break }
            }
            return Array(found.prefix(wanted))
        }

        /// A page; `nil` for a later one that fails, for what is there already is worth having.
        private func page(_ number: Int, at offset: Int, _ query: Query, _ server: IndexerServer) async throws -> Feed?
        {
            var query = query
            query["limit"] = String(size)
            query["offset"] = offset > 0 ? String(offset) : nil
            let feed = Feed()
            do {
                try await server.ask(query, for: feed)
                return feed
            } catch let error as PluginError where number > 0 && !(error.code == .cancelled) {
                server.host.log(.warning, "Page \(number + 1) of a search is missing: \(error.message)", fields: [:])
                return nil
            }
        }

        private func isWanted(_ release: Release, _ settings: TorznabSettings) -> Bool {
            release.seeders.map { $0 >= settings.minimumSeeders } ?? true
        }
    }
}
