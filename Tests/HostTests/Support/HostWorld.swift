import Cryptography
import FoundationEssentials
import HTTPServer
import PluginAPI
import Synchronization
import Testing

@testable import Host

/// The host's parts around a queue, on a store in a folder of their own, with clients and imports that the test scripts.
struct HostWorld {
    let folder: TemporaryFolder
    let clock: ManualClock
    let plugins: ScriptedPlugins
    let importer: ScriptedImporter
    let store: Store
    let redactor = Redactor()
    let lines = Recorder<String>()
    let logger: Logger
    let registry: Registry
    let index = QueueIndex()
    let snapshot = QueueSnapshot()
    let events = EventBroadcaster(firstID: 1)
    let polled = Recorder<String>()
    let queue: DownloadQueue

    static let key = SealingKey(bytes: [UInt8](repeating: 7, count: 32))

    init(
        _ folder: TemporaryFolder? = nil,
        clock: ManualClock = ManualClock(),
        plugins: ScriptedPlugins = ScriptedPlugins(),
        importer: ScriptedImporter = ScriptedImporter(),
        mostDone: Int = 10_000
    ) throws {
        self.folder = try folder ?? TemporaryFolder()
        self.clock = clock
        self.plugins = plugins
        self.importer = importer
        store = try Store(path: self.folder.path + "/kinodock.sqlite")
        let (lines, polled) = (lines, polled)
        logger = Logger(level: .debug, redactor: redactor, clock: clock) {
            lines.add(String(decoding: $0, as: UTF8.self))
        }
        registry = try Registry(
            store: store,
            plugins: plugins,
            sealingKey: Self.key,
            redactor: redactor,
            logger: logger,
            clock: clock,
            folders: InstanceFolders(dataDirectory: self.folder.path)
        ) { _ in RecordingServices() }
        queue = DownloadQueue(
            store: store,
            registry: registry,
            feed: QueueBoard(index: index, broadcaster: events),
            snapshot: snapshot,
            importer: importer,
            sealingKey: Self.key,
            qualities: .standard,
            logger: logger,
            clock: clock,
            mostDone: mostDone,
            pollSoon: polled.add
        )
    }

    /// A world with an enabled client for each name, the first one preferred.
    static func with(_ clients: String..., importer: ScriptedImporter = ScriptedImporter()) async throws -> HostWorld {
        let world = try HostWorld(importer: importer)
        for (index, name) in clients.enumerated() { try await world.addClient(name, priority: index + 1) }
        return world
    }

    /// A world with one client, `one`, whose calls `latches` hold up.
    static func with(latches: [String: Latch]) async throws -> HostWorld {
        let world = try HostWorld()
        world.plugins.state.withLock { $0.clients["one"] = ScriptedClient(latches: latches) }
        try await world.addClient("one")
        return world
    }

    /// The same folder, clients and time after the server has ended and begun again.
    func restarted(importer: ScriptedImporter = ScriptedImporter()) async throws -> HostWorld {
        store.close()
        let world = try HostWorld(folder, clock: clock, plugins: plugins, importer: importer)
        try await world.queue.load()
        return world
    }

    func addClient(_ name: String, priority: Int = 1, implementation: String = "scripted") async throws {
        try await registry.save(Self.instance(name, priority: priority, implementation: implementation))
    }

    /// Adds a notifier that is called `name`, with more settings.
    func addNotifier(_ name: String, _ settings: [String: JSONValue] = [:], isEnabled: Bool = true) async throws {
        var instance = Self.instance(name, implementation: "quiet", kind: .notifier)
        instance.settings.merge(settings) { _, new in new }
        instance.isEnabled = isEnabled
        try await registry.save(instance)
    }

    /// Adds an enabled indexer.
    func addIndexer(_ name: String, priority: Int = 1, _ indexer: ScriptedIndexer? = nil) async throws {
        if let indexer { plugins.state.withLock { $0.indexers[name] = indexer } }
        try await registry.save(
            Self.instance(name, priority: priority, implementation: "finder", kind: .indexer)
        )
    }

    static func instance(
        _ name: String,
        priority: Int = 1,
        implementation: String = "scripted",
        kind: PluginManifest.Kind = .downloadClient
    ) -> Instance {
        Instance(
            id: "id-" + name,
            kind: kind,
            name: name,
            implementation: implementation,
            isEnabled: true,
            priority: priority,
            settings: ["host": .string(name)],
            secrets: ["password": "hunter2-" + name],
            pathMappings: [],
            created: ManualClock.start,
            updated: ManualClock.start
        )
    }

    func client(_ name: String) -> ScriptedClient { plugins.client(name) }

    func notifier(_ name: String) -> ScriptedNotifier { plugins.notifier(name) }

    /// What the store knows of the queue, by id.
    func stored() throws -> [String: QueueItem] {
        Dictionary(uniqueKeysWithValues: try store.queueItems { $0 }.map { ($0.id, $0) })
    }

    func item(_ id: String) async -> QueueItem? { await queue.item(id) }

    /// Adds a magnet and answers its item.
    func add(_ magnet: String = Samples.magnet(1), client: String? = nil) async throws -> QueueItem {
        var request = DownloadRequest(.magnet(magnet))
        request.clientID = client.map { "id-" + $0 }
        return try await queue.add(request).item
    }

    /// Has the client report all that `change` says of the download of `item`.
    func report(_ item: QueueItem, _ state: DownloadItem.State, _ change: (inout DownloadItem) -> Void = { _ in }) async
    {
        var report = DownloadItem(id: item.downloadID ?? "", name: item.title, state: state)
        change(&report)
        _ = await queue.apply(DownloadChanges(cursor: "1", isComplete: false, items: [report]), from: item.clientID)
    }

    /// Has the client report the download of `item` as complete.
    func complete(_ item: QueueItem) async {
        await report(item, .seeding) { report in
            report.size = 100
            report.isComplete = true
            report.contentPath = "/downloads/film"
        }
    }

    /// Adds a download that ends in the library, and waits for that.
    func addImported(_ magnet: String = Samples.magnet(1)) async throws -> QueueItem {
        let item = try await add(magnet)
        await complete(item)
        try await eventually("the import ends") { try stored()[item.id]?.tracked.state == .imported }
        await eventually("the queue shows it") { await queue.item(item.id)?.tracked.state == .imported }
        return item
    }
}

/// Inputs of tests.
enum Samples {
    static func hash(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 40 - digits.count) + digits
    }

    static func magnet(_ number: Int, name: String = "Inception.2010.1080p.BluRay.x264-Group") -> String {
        "magnet:?xt=urn:btih:\(hash(number))&dn=\(name)"
    }
}

extension DownloadChanges {
    /// What a client answers when nothing has changed.
    static let nothingNew = DownloadChanges(cursor: "", isComplete: false, items: [])
}
