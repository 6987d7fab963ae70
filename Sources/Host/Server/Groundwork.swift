import Cryptography
import FoundationEssentials
import HTTPClient
import HTTPServer
import PluginAPI

/// What all parts of the server stand on, and how each is made from it.
struct Groundwork {
    let configuration: ServerConfiguration
    let store: Store
    let logger: Logger
    let clock: any WallClock
    let sentinel: CrashSentinel?
    let sealingKey: SealingKey
    let client = HTTPClient()
    let doorbells = Doorbells()
    private let folders: InstanceFolders
    /// Those of the notifiers.
    let notifierBells = Doorbells()

    /// Event ids that are taken out of the store at each start: more than one run can use.
    private static let eventIDsPerRun: Int64 = 1 << 40

    init(
        _ configuration: ServerConfiguration,
        store: Store,
        logger: Logger,
        clock: any WallClock,
        sentinel: CrashSentinel?
    ) throws {
        self.configuration = configuration
        self.store = store
        self.logger = logger
        self.clock = clock
        self.sentinel = sentinel
        folders = InstanceFolders(dataDirectory: configuration.dataDirectory)
        if let key = configuration.adminKey { logger.redactor.remember(key) }
        sealingKey = try SealingKey.load(orCreateAt: configuration.keyPath)
    }

    func keys() throws -> KeyRing {
        let sessions = try store.sessions(now: clock.now)
        return KeyRing(sessions: sessions, adminKey: configuration.adminKey, clock: clock) { [store] in
            try? store.accessKeys()
        }
    }

    /// - Parameter changed: told on the thread that has changed the list, which must not wait.
    func plugins(changed: @escaping @Sendable () -> Void) -> HostPlugins {
        let catalog = PluginCatalog(
            PluginPlaces(configuration),
            memory: store,
            loading: ServerPluginLoading(runner: configuration.runner, logger: logger, sentinel: sentinel),
            clock: clock,
            atOnce: ProcessInfo.processInfo.activeProcessorCount,
            report: { [logger] in logger.error($0) },
            changed: changed
        )
        return HostPlugins(catalog: catalog)
    }

    func registry(_ plugins: HostPlugins) throws -> Registry {
        try Registry(
            store: store,
            plugins: plugins,
            sealingKey: sealingKey,
            redactor: logger.redactor,
            logger: logger,
            clock: clock,
            folders: folders
        ) { [client, store, clock, doorbells, folders, logger] instance in
            InstanceServices(
                http: InstanceHTTP(client: client),
                store: InstanceValues(instanceID: instance.id, store: store),
                makeFolders: { () throws(PluginError) in try folders.make(for: instance.id) },
                clock: { clock.now },
                emitEvent: { _, _ in doorbells.ring(instance.id) },
                writeLog: InstanceLog(logger, instance: instance.name).write
            )
        }
    }

    func defaults(_ registry: Registry, _ plugins: HostPlugins) throws -> EmbeddedDefaults {
        try EmbeddedDefaults(registry: registry, store: store, plugins: plugins, logger: logger, clock: clock)
    }

    /// - Parameter series: the name of the series of numbers from which the events get theirs.
    func events(_ series: String) throws -> EventBroadcaster {
        EventBroadcaster(firstID: UInt64(try store.reserve(Self.eventIDsPerRun, of: series)))
    }

    func health(_ registry: Registry, _ plugins: HostPlugins, _ events: EventBroadcaster) throws -> HealthWatch {
        try HealthWatch(
            store: store,
            registry: registry,
            disks: disks(),
            redactor: logger.redactor,
            logger: logger,
            clock: clock,
            feed: HealthBoard(broadcaster: events),
            hasNews: notifierBells.ringAll
        ) { plugins.entries }
    }

    func courier(_ registry: Registry, _ health: HealthWatch) -> NotificationCourier {
        NotificationCourier(
            store: store,
            registry: registry,
            logger: logger,
            clock: clock,
            bells: notifierBells,
            lost: health.ring
        )
    }

    func importer(_ registry: Registry) throws -> LibraryImporter {
        LibraryImporter(
            store: store,
            registry: registry,
            importer: Importer(files: LocalFileSystem(), journal: store, naming: try Naming()),
            executor: BlockingExecutor(label: "kinodock.import"),
            qualities: .standard,
            moviesRoot: configuration.moviesRoot,
            seriesRoot: configuration.seriesRoot,
            clock: clock
        )
    }

    func queue(
        _ registry: Registry,
        _ index: QueueIndex,
        _ events: EventBroadcaster,
        _ importer: LibraryImporter
    ) -> DownloadQueue {
        DownloadQueue(
            store: store,
            registry: registry,
            feed: QueueBoard(index: index, broadcaster: events),
            snapshot: QueueSnapshot(),
            importer: importer,
            sealingKey: sealingKey,
            qualities: .standard,
            logger: logger,
            clock: clock,
            pollSoon: doorbells.ring,
            hasNews: notifierBells.ringAll
        )
    }

    func pictures(_ registry: Registry) -> PictureCache {
        PictureCache(
            store: store,
            registry: registry,
            client: client,
            folder: PictureFolder(configuration.dataDirectory + "/images"),
            logger: logger,
            clock: clock
        )
    }

    private func disks() -> DiskHealth {
        let places: [DiskHealth.Place] = [
            .database(store, in: configuration.dataDirectory), .folder("movies", at: configuration.moviesRoot),
            .folder("tv", at: configuration.seriesRoot),
        ]
        return DiskHealth(places, clock: clock)
    }
}
