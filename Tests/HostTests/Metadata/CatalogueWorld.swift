import Cryptography
import FoundationEssentials
import HTTPClient
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

/// A catalogue in memory that answers what the test says.
final class ScriptedCatalogue: Sendable {
    struct State {
        var titles: [MetadataTitle] = []
        var failure: PluginError?
        var calls: [String] = []
    }

    let state = Mutex(State())
    let latch: Latch?

    init(_ titles: [MetadataTitle] = [], latch: Latch? = nil) {
        self.latch = latch
        state.withLock { $0.titles = titles }
    }

    var calls: [String] { state.withLock(\.calls) }

    func fail(_ error: PluginError?) { state.withLock { $0.failure = error } }

    func forget() { state.withLock { $0.calls = [] } }

    fileprivate func enter(_ call: String) async throws -> [MetadataTitle] {
        let (failure, titles) = state.withLock { state in
            state.calls.append(call)
            return (state.failure, state.titles)
        }
        await latch?.pass()
        if let failure { throw failure }
        return titles
    }
}

/// The plugin in front of a `ScriptedCatalogue`.
struct CataloguePlugin: Plugin, MetadataProvider {
    struct Settings: Codable, Sendable {}

    static let manifest = PluginManifest(
        id: "tmdb",
        name: "Catalogue",
        version: "1.0.0",
        description: "A catalogue in memory.",
        settings: SettingsSchema(fields: [.url("url", label: "Address"), .secret("apiKey", label: "Key")])
    )

    let catalogue: ScriptedCatalogue

    init(_ catalogue: ScriptedCatalogue) { self.catalogue = catalogue }

    init(settings: Settings, host: any HostServices) throws {
        throw PluginError(.unsupported, "A scripted catalogue is made by the test.")
    }

    func test() async throws -> ConnectionReport { ConnectionReport() }

    func search(_ query: MetadataQuery) async throws -> [MetadataTitle] {
        let titles = try await catalogue.enter("search \(query.text)")
        return titles.filter { title in query.kind.map { title.kind == $0 } ?? true }
    }

    func movie(_ id: String) async throws -> MetadataTitle { try await title("movie", id) }

    func series(_ id: String) async throws -> MetadataTitle { try await title("series", id) }

    private func title(_ kind: String, _ id: String) async throws -> MetadataTitle {
        let titles = try await catalogue.enter("\(kind) \(id)")
        guard let title = titles.first(where: { $0.id == id && $0.kind.text == kind }) else {
            throw PluginError(.notFound, "No such title.")
        }
        return title
    }

    func season(_ number: Int, of seriesID: String) async throws -> MetadataSeason {
        _ = try await catalogue.enter("season \(number) of \(seriesID)")
        return MetadataSeason(number: number, name: "Season \(number)", episodes: [.init(number: 1, title: "Pilot")])
    }

    func find(source: String, id: String) async throws -> [MetadataTitle] {
        try await catalogue.enter("find \(source) \(id)").filter { $0.externalIDs[source] == id }
    }

    func images(for id: String, kind: Open<MetadataTitle.Kind>) async throws -> [MetadataImage] {
        try await catalogue.enter("images \(id)").flatMap(\.images)
    }
}

/// A registry of catalogues, and what stands on it.
struct CatalogueWorld {
    /// The plugins `tmdb` and `other`, whose instances are told apart by the `url` of their settings.
    final class Plugins: PluginSource {
        let catalogues = Mutex<[String: ScriptedCatalogue]>([:])

        func manifest(of id: String) -> PluginManifest? {
            var manifest = CataloguePlugin.manifest
            manifest.id = id
            manifest.kinds = [.known(.metadataProvider)]
            return ["tmdb", "other"].contains(id) ? manifest : nil
        }

        func reasonAgainst(_ id: String) -> String { "There is no plugin \(id)." }

        func migrate(_ id: String, settings: Data, from version: Int) async throws(PluginError) -> Data { settings }

        func connect(
            _ id: String,
            settings: Data,
            services: any HostServices
        ) async throws(PluginError) -> any PluginConnection {
            let url = (try? JSONDecoder().decode(JSONValue.self, from: settings))?["url"]?.string ?? ""
            guard let catalogue = catalogues.withLock({ $0[url] }) else {
                throw PluginError(.unreachable, "No catalogue at \(url).")
            }
            return LoopbackConnection(transport: LoopbackTransport(CataloguePlugin(catalogue)))
        }
    }

    let folder: TemporaryFolder
    let clock: ManualClock
    let plugins: Plugins
    let store: Store
    let registry: Registry
    let catalog: MetadataCatalog
    let client = HTTPClient()
    let pictures: PictureCache
    let filler: TitleFiller

    init(
        _ folder: TemporaryFolder? = nil,
        clock: ManualClock = ManualClock(),
        plugins: Plugins = Plugins(),
        limits: MetadataCatalog.Limits = .init(),
        pictureLimits: PictureCache.Limits = .init()
    ) async throws {
        self.folder = try folder ?? TemporaryFolder()
        self.clock = clock
        self.plugins = plugins
        store = try Store(path: self.folder.path + "/kinodock.sqlite")
        let redactor = Redactor()
        let logger = Logger(redactor: redactor, clock: clock) { _ in }
        registry = try Registry(
            store: store,
            plugins: plugins,
            sealingKey: SealingKey(bytes: [UInt8](repeating: 7, count: 32)),
            redactor: redactor,
            logger: logger,
            clock: clock,
            folders: InstanceFolders(dataDirectory: self.folder.path)
        ) { _ in RecordingServices() }
        catalog = MetadataCatalog(registry: registry, store: store, logger: logger, clock: clock, limits: limits)
        pictures = PictureCache(
            store: store,
            registry: registry,
            client: client,
            folder: PictureFolder(self.folder.path + "/images"),
            logger: logger,
            clock: clock,
            limits: pictureLimits
        )
        filler = TitleFiller(store: store, catalog: catalog, pictures: pictures, logger: logger, clock: clock)
    }

    /// The same folder and catalogues after the server has ended and begun again.
    func restarted() async throws -> CatalogueWorld {
        store.close()
        return try await CatalogueWorld(folder, clock: clock, plugins: plugins)
    }

    /// Adds an enabled provider; the first one is preferred.
    @discardableResult
    func add(
        _ name: String,
        _ catalogue: ScriptedCatalogue,
        implementation: String = "tmdb",
        priority: Int = 1,
        url: String? = nil
    ) async throws -> Instance {
        let url = url ?? "http://\(name).test"
        plugins.catalogues.withLock { $0[url] = catalogue }
        let instance = Instance(
            id: "id-" + name,
            kind: .metadataProvider,
            name: name,
            implementation: implementation,
            isEnabled: true,
            priority: priority,
            settings: ["url": .string(url)],
            secrets: [:],
            pathMappings: [],
            created: clock.now,
            updated: clock.now
        )
        try await registry.save(instance)
        return instance
    }

    /// Asks for a movie by an id like "tmdb:1".
    func movie(_ id: String, freshly: Bool = false) async throws -> MetadataCatalog.Answered<MetadataTitle> {
        let id = try #require(await catalog.id(id))
        return try await catalog.ask(.title(.movie, id), freshly: freshly)
    }
}

extension MetadataTitle {
    /// A movie of a catalogue with a poster.
    static func sample(
        _ id: String = "1",
        _ name: String = "Nosferatu",
        kind: Kind = .movie,
        year: Int? = 1922,
        poster: String = "http://pictures.test/1.jpg"
    ) -> MetadataTitle {
        var title = MetadataTitle(id: id, kind: kind, title: name)
        title.year = year
        title.overview = "About \(name)."
        title.runtime = 94
        title.genres = ["Horror"]
        title.externalIDs = ["tmdb": id, "imdb": "tt000000" + id]
        title.images = [MetadataImage(.poster, url: poster)]
        return title
    }
}
