import FoundationEssentials
import HTTPClient
import HTTPServer
import PluginAPI

/// The parts of the server and how they hold together.
struct ServerParts: Sendable {
    let store: Store
    let logger: Logger
    let keys: KeyRing
    let plugins: HostPlugins
    let pluginRequests: PluginRequests
    /// In which plugins' code the last run has died.
    let pluginFaults: [PluginFault]
    let registry: Registry
    let client: HTTPClient
    let queue: DownloadQueue
    /// What searches have found lately.
    let shelf: ReleaseShelf
    let monitor: DownloadMonitor
    let importer: LibraryImporter
    let index: QueueIndex
    let events: EventBroadcaster
    let counters: RequestCounters
    let adminEvents: EventBroadcaster
    let health: HealthWatch
    let courier: NotificationCourier
    /// Says that there is something new in the outbox.
    let hasNews: @Sendable () -> Void
    let readiness: Readiness
    let follower: PluginFollower
    let metadata: MetadataCatalog
    let pictures: PictureCache
    let filler: TitleFiller
    /// Tells that the list of plugins has changed; for one listener.
    let pluginChanges: AsyncStream<Void>
    let redactor: Redactor
    let clock: any WallClock

    /// Makes the parts.
    ///
    /// Nothing runs yet.
    ///
    /// - Parameter sentinel: is told whenever a plugin's code runs; `nil` when its file cannot be kept.
    init(
        _ configuration: ServerConfiguration,
        store: Store,
        logger: Logger,
        clock: any WallClock,
        sentinel: CrashSentinel? = nil
    ) throws {
        self.store = store
        self.logger = logger
        self.clock = clock
        redactor = logger.redactor
        let ground = try Groundwork(configuration, store: store, logger: logger, clock: clock, sentinel: sentinel)
        let changes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        pluginChanges = changes.stream
        client = ground.client
        keys = try ground.keys()
        plugins = ground.plugins { changes.continuation.yield() }
        pluginRequests = PluginRequests(store: store, catalog: plugins.catalog)
        pluginFaults = sentinel?.lastRun.crashes.compactMap { PluginFault($0, now: clock.now) } ?? []
        registry = try ground.registry(plugins)
        let defaults = try configuration.embeddedDefaults ? ground.defaults(registry, plugins) : nil
        follower = PluginFollower(registry: registry, defaults: defaults, logger: logger) { [plugins] in
            plugins.entries
        }
        index = QueueIndex()
        events = try ground.events("events")
        adminEvents = try ground.events("admin events")
        health = try ground.health(registry, plugins, adminEvents)
        courier = ground.courier(registry, health)
        hasNews = ground.notifierBells.ringAll
        metadata = MetadataCatalog(registry: registry, store: store, logger: logger, clock: clock)
        pictures = ground.pictures(registry)
        filler = TitleFiller(store: store, catalog: metadata, pictures: pictures, logger: logger, clock: clock)
        counters = RequestCounters()
        readiness = Readiness()
        importer = try ground.importer(registry)
        queue = ground.queue(registry, index, events, importer)
        shelf = ReleaseShelf(clock: clock)
        monitor = DownloadMonitor(registry: registry, queue: queue, clock: clock, doorbells: ground.doorbells)
    }

    /// The configured instances have changed.
    func registryChanged() async {
        let clients = await registry.instances(of: .downloadClient)
        await queue.clientsChanged(clients)
        plugins.catalog.expect(await registry.implementations)
        await monitor.reconcile()
        await courier.reconcile()
        health.ring()
    }

    /// All routes of all dialects.
    func router(_ configuration: ServerConfiguration) -> Router {
        let limiter = configuration.rateLimit ? RateLimiter(clock: clock) : nil
        let gate = Gate(keys: keys, limiter: limiter, limitsLoopback: configuration.rateLimitLoopback)
        var routes = RouteTable(gate: gate, errorStyles: [MediaAPI.errorStyle]) { [logger] error, request in
            logger.error(
                "\(request.method.rawValue) \(request.path) failed: \(error.words)",
                ["request": .string(request.id)]
            )
        }
        let library = MediaLibrary(
            store: store,
            queue: queue,
            snapshot: queue.snapshot,
            logger: logger,
            clock: clock,
            roots: [configuration.moviesRoot, configuration.seriesRoot],
            hasNews: hasNews
        )
        let grab = ReleaseGrab(registry: registry, shelf: shelf, redactor: redactor)
        QueueAPI(queue: queue, index: index, events: events, grab: grab, isPublic: configuration.publicQueue)
            .register(in: &routes)
        let search = ReleaseSearch(
            registry: registry,
            shelf: shelf,
            qualities: queue.qualities,
            redactor: redactor,
            clock: clock
        )
        SearchAPI(search: search).register(in: &routes)
        MediaAPI(library: library).register(in: &routes)
        MetadataAPI(catalog: metadata).register(in: &routes)
        ImagesAPI(pictures: pictures).register(in: &routes)
        registerAdministration(configuration, gate, in: &routes)
        StatusPage.register(in: &routes)
        OpenAPIDocument.register(in: &routes)
        return routes.router
    }

    /// The routes with which the server itself is set up and watched.
    private func registerAdministration(_ configuration: ServerConfiguration, _ gate: Gate, in routes: inout RouteTable)
    {
        PluginsAPI(plugins: plugins).register(in: &routes)
        let test = ConnectionTest(
            registry: registry,
            redactor: redactor,
            libraryDirectory: configuration.libraryDirectory
        )
        for kind in PluginManifest.Kind.allCases {
            InstancesAPI(kind: kind, registry: registry, plugins: plugins, connectionTest: test, clock: clock)
                .register(in: &routes)
        }
        NotificationsAPI(store: store, registry: registry, courier: courier).register(in: &routes)
        ProblemsAPI(health: health, events: adminEvents).register(in: &routes)
        SystemAPI(
            store: store,
            gate: gate,
            plugins: plugins,
            registry: registry,
            index: index,
            events: events,
            counters: counters,
            adminEvents: adminEvents,
            health: health,
            readiness: readiness,
            clock: clock,
            started: clock.now
        ).register(in: &routes)
    }

    /// Counts every answer and, if that is wanted, writes a line for it.
    func accessLog(_ configuration: ServerConfiguration) -> @Sendable (AccessRecord) -> Void {
        let log = AccessLog(logger, isOn: configuration.accessLog)
        return { [counters] record in
            counters.count(record.status.code)
            log.write(record)
        }
    }
}
