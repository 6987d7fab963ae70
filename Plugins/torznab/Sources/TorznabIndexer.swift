import PluginAPI

/// One indexer that speaks Torznab or Newznab.
final class TorznabIndexer: Plugin, Indexer {
    static let manifest = TorznabManifest.manifest

    private let server: IndexerServer
    private let known: CapabilitiesStore
    private let searcher: Searcher
    private let fetcher: ReleaseFetcher

    /// - Throws: `PluginError` with `.invalid` and the field when address and path make no address.
    convenience init(settings: TorznabSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host) { try await Task.sleep(for: $0) }
    }

    init(
        settings: TorznabSettings,
        host: any HostServices,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) throws {
        server = IndexerServer(
            address: try IndexerAddress(settings),
            settings: settings,
            host: host,
            pace: RequestPace(perMinute: settings.requestsPerMinute, now: { host.now }, sleep: sleep)
        )
        known = CapabilitiesStore(server)
        searcher = Searcher(server: server, capabilities: known)
        fetcher = ReleaseFetcher(server: server)
    }

    func test() async throws -> ConnectionReport {
        try await ConnectionTest(server: server, capabilities: known).run()
    }

    func options(for source: String) async throws -> [SettingsField.Option] {
        guard source == "categories" else {
            throw PluginError(.unsupported, "There are no options for \(source).")
        }
        return try await known.refresh().categories.map { .init(String($0.id), label: "\($0.name) (\($0.id))") }
    }

    func capabilities() async throws -> IndexerCapabilities {
        try await known.current().forHost
    }

    func search(_ query: ReleaseQuery) async throws -> [Release] {
        try await searcher.search(query)
    }

    func fetch(_ link: String) async throws -> ReleaseContent {
        try await fetcher.fetch(link)
    }
}
