import FoundationEssentials
import HTTPServer
import PluginAPI
import Testing

@testable import Host

/// The routes of the server over scripted parts, asked without a socket.
struct APIWorld {
    let world: HostWorld
    let router: Router
    let unexpected = Recorder<String>()
    let entries: [RouteTable.Entry]
    let plugins: HostPlugins
    let adminEvents = EventBroadcaster(firstID: 1)
    let health: HealthWatch

    static let adminKey = "admin-key-of-tests"

    init(_ clients: String..., publicQueue: Bool = true) async throws {
        world = try HostWorld()
        for name in clients { try await world.addClient(name) }
        let keys = KeyRing(adminKey: Self.adminKey, clock: world.clock) { [.userOfTests] }
        let unexpected = unexpected
        let gate = Gate(keys: keys, limiter: nil, limitsLoopback: false)
        var routes = RouteTable(
            gate: gate,
            errorStyles: [MediaAPI.errorStyle]
        ) { error, _ in unexpected.add("\(error)") }
        let shelf = ReleaseShelf(clock: world.clock)
        let grab = ReleaseGrab(registry: world.registry, shelf: shelf, redactor: world.redactor)
        QueueAPI(queue: world.queue, index: world.index, events: world.events, grab: grab, isPublic: publicQueue)
            .register(in: &routes)
        let search = ReleaseSearch(
            registry: world.registry,
            shelf: shelf,
            qualities: .standard,
            redactor: world.redactor,
            clock: world.clock
        )
        SearchAPI(search: search).register(in: &routes)
        MediaAPI(
            library: MediaLibrary(
                store: world.store,
                queue: world.queue,
                snapshot: world.snapshot,
                logger: world.logger,
                clock: world.clock,
                roots: [world.folder.path + "/library"]
            )
        ).register(in: &routes)
        plugins = HostPlugins(
            catalog: PluginCatalog(
                PluginPlaces(folders: PluginFolders([world.folder.path + "/plugins"])),
                memory: MemoryOfPlugins(),
                loading: FixtureLoading(),
                clock: world.clock,
                atOnce: 2
            )
        )
        plugins.catalog.expect(["lost"])
        PluginsAPI(plugins: plugins).register(in: &routes)
        health = try HealthWatch(
            store: world.store,
            registry: world.registry,
            disks: DiskHealth([], clock: world.clock),
            redactor: world.redactor,
            logger: world.logger,
            clock: world.clock,
            feed: HealthBoard(broadcaster: adminEvents)
        ) { [plugins] in plugins.entries }
        let courier = NotificationCourier(
            store: world.store,
            registry: world.registry,
            logger: world.logger,
            clock: world.clock,
            bells: Doorbells(),
            lost: health.ring
        )
        NotificationsAPI(store: world.store, registry: world.registry, courier: courier).register(in: &routes)
        ProblemsAPI(health: health, events: adminEvents).register(in: &routes)
        let test = ConnectionTest(
            registry: world.registry,
            redactor: world.redactor,
            libraryDirectory: world.folder.path
        )
        for kind in PluginManifest.Kind.allCases {
            InstancesAPI(
                kind: kind,
                registry: world.registry,
                plugins: world.plugins,
                connectionTest: test,
                clock: world.clock
            ).register(in: &routes)
        }
        SystemAPI(
            store: world.store,
            gate: gate,
            plugins: plugins,
            registry: world.registry,
            index: world.index,
            events: world.events,
            counters: RequestCounters(),
            adminEvents: adminEvents,
            health: health,
            readiness: .alwaysReady,
            clock: world.clock,
            started: world.clock.now
        ).register(in: &routes)
        StatusPage.register(in: &routes)
        OpenAPIDocument.register(in: &routes)
        router = routes.router
        entries = routes.entries
    }

    /// An answer, read.
    struct Answer {
        let status: Int
        let headers: HTTPHeaders
        let bytes: [UInt8]

        var text: String { String(decoding: bytes, as: UTF8.self) }
        var json: JSONValue { (try? JSONValue(bytes)) ?? .null }
    }

    /// Asks as an administrator, or with `key`; `nil` is nobody.
    func ask(
        _ method: HTTPMethod,
        _ target: String,
        _ body: JSONValue? = nil,
        key: String? = adminKey,
        headers: HTTPHeaders = [:]
    ) async -> Answer {
        let text = body.map { Data(JSONWriter.text($0).utf8) }
        var headers = headers
        if text != nil { headers.add("Content-Type", "application/json") }
        return await send(method, target, text ?? Data(), key: key, headers: headers)
    }

    func send(
        _ method: HTTPMethod,
        _ target: String,
        _ body: Data,
        key: String? = adminKey,
        headers: HTTPHeaders = [:]
    ) async -> Answer {
        var headers = headers
        if let key { headers.add("x-api-key", key) }
        let response = await router.respond(to: HTTPRequest(method, target, headers: headers, body: body))
        return Answer(status: response.status.code, headers: response.headers, bytes: response.body.bytes)
    }
}

extension AccessKey {
    /// The text of a key of the user role.
    static let userSecret = "user-key-of-tests"

    static let userOfTests = AccessKey(
        id: "user",
        name: "user",
        role: .user,
        hash: Session.hash(of: userSecret),
        created: ManualClock.start
    )
}

extension HTTPResponse.Body {
    /// The bytes of a body that has them at hand.
    var bytes: [UInt8] {
        switch self {
        case .bytes(let bytes): bytes
        case .data(let data): Array(data)
        case .empty, .file, .events, .stream, .prepared: []
        }
    }
}

extension Readiness {
    /// That of a server that has started.
    static var alwaysReady: Readiness {
        let readiness = Readiness()
        readiness.set(true)
        return readiness
    }
}
