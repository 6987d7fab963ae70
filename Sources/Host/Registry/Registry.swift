import Cryptography
import FoundationEssentials
import PluginAPI
import PluginHosting

/// The configured instances of plugins: keeps them, connects them, and knows how well each one does.
actor Registry {
    /// Makes what the host offers to an instance of a plugin.
    typealias ServicesFactory = @Sendable (_ instance: Instance) -> any HostServices

    let store: Store
    let plugins: any PluginSource
    let sealingKey: SealingKey
    let redactor: Redactor
    let logger: Logger
    let clock: any WallClock
    private let folders: InstanceFolders
    private let services: ServicesFactory
    /// When this server began.
    let started: Date

    var instances: [String: Instance] = [:]
    /// What becomes of settings that were stored for an older form.
    var migrations = SettingsMigrations()
    private var connections: [String: Task<SharedConnection, any Error>] = [:]
    private var isEnding = false
    private(set) var changeHandler: @Sendable () async -> Void = {}
    private(set) var healthHandler: @Sendable () -> Void = {}

    init(
        store: Store,
        plugins: any PluginSource,
        sealingKey: SealingKey,
        redactor: Redactor,
        logger: Logger,
        clock: any WallClock,
        folders: InstanceFolders,
        services: @escaping ServicesFactory
    ) throws {
        self.store = store
        self.plugins = plugins
        self.sealingKey = sealingKey
        self.redactor = redactor
        self.logger = logger
        self.clock = clock
        self.folders = folders
        self.services = services
        started = clock.now
        let stored = try store.instances(key: sealingKey) { name in
            logger.error(
                "The secrets of \(name) cannot be read: the key file was changed or lost. Enter them again.",
                ["instance": .string(name)]
            )
        }
        for var instance in stored {
            instance.health.serverStarted(at: started)
            instances[instance.id] = instance
            instance.secrets.values.forEach(redactor.remember)
        }
        folders.removeAll(but: Set(instances.keys))
    }

    /// Calls `handler` after every change of the configured instances.
    func onChange(_ handler: @escaping @Sendable () async -> Void) {
        changeHandler = handler
    }

    /// Calls `handler` whenever an instance may be shown otherwise than before.
    ///
    /// It must not wait.
    func onHealthChange(_ handler: @escaping @Sendable () -> Void) {
        healthHandler = handler
    }

    // MARK: Reading

    /// The instances of a kind, by priority and name.
    func instances(of kind: PluginManifest.Kind) -> [Instance] {
        instances.values.filter { $0.kind == kind }
            .sorted { ($0.priority, $0.name, $0.id) < ($1.priority, $1.name, $1.id) }
    }

    func instance(_ id: String) -> Instance? { instances[id] }

    /// The ids of the plugins that something is configured for.
    var implementations: Set<String> { Set(instances.values.map(\.implementation)) }

    /// The enabled download clients that take `source`, the ones to prefer first.
    func downloadClients(taking source: PluginManifest.Source) -> [Instance] {
        instances(of: .downloadClient).filter { instance in
            instance.isEnabled
                && plugins.manifest(of: instance.implementation)?.sources?.contains(.known(source)) == true
        }
    }

    /// The manifest of an instance's plugin, when it can be used now.
    func manifest(of instance: Instance) -> PluginManifest? { plugins.manifest(of: instance.implementation) }

    // MARK: Changing

    /// Adds an instance, or replaces the settings of one.
    func save(_ instance: Instance) async throws {
        let old = instances[instance.id]
        try await store.save(instance, key: sealingKey)
        instance.secrets.values.forEach(redactor.remember)
        old?.secrets.values.forEach(redactor.forget)
        let isHealthStale = instances[instance.id]?.health != old?.health
        var instance = instance
        instance.health.keepLastSuccess(of: instances[instance.id]?.health)
        instances[instance.id] = instance
        // A failure that was recorded while the store was waited for is not one of these settings.
        if isHealthStale { await storeHealth(of: instance) }
        migrations.failures[instance.id] = nil
        if old?.connects(like: instance) != true { await replaceConnection(of: instance.id) }
        if let old, old.implementation != instance.implementation { folders.remove(instance.id) }
        await changeHandler()
    }

    func delete(_ id: String) async throws {
        try await store.deleteInstance(id)
        guard let old = instances.removeValue(forKey: id) else { return }
        migrations.failures[id] = nil
        await disconnect(id)
        folders.remove(id)
        old.secrets.values.forEach(redactor.forget)
        await changeHandler()
    }

    /// Follows the plugins: instances of those that left, or that came in place of another file, are disconnected when
    /// their open calls have ended, and those of the ones that came are asked at once, whatever failed before.
    func pluginsChanged(left: Set<String>, came: Set<String>) async {
        for instance in Array(instances.values) {
            guard left.contains(instance.implementation) || came.contains(instance.implementation) else { continue }
            migrations.failures[instance.id] = nil
            await replaceConnection(of: instance.id)
            if came.contains(instance.implementation) { await changeHealth(instance.id) { $0.forgive() } }
        }
        await changeHandler()
        bringUpToDate(instancesOf: came)
    }

    /// Ends all connections; there are no new ones.
    func shutDown() async {
        endMigrations()
        isEnding = true
        for id in Array(connections.keys) { await disconnect(id) }
        await storeLastSuccesses()
    }

    // MARK: Calling

    /// The download client of the instance `id`, connected on first use.
    ///
    /// - Throws: `.notFound` when there is no such instance, `.unsupported` when its plugin cannot be used now.
    func downloadClient(_ id: String) async throws(PluginError) -> any DownloadClient {
        RemoteDownloadClient(try await connection(id))
    }

    /// The notifier of the instance `id`, connected on first use.
    ///
    /// - Throws: as `downloadClient`.
    func notifier(_ id: String) async throws(PluginError) -> any Notifier {
        RemoteNotifier(try await connection(id))
    }

    /// The indexer of the instance `id`, connected on first use.
    ///
    /// - Parameter deadline: how long its searches and fetches may take.
    /// - Throws: as `downloadClient`.
    func indexer(_ id: String, within deadline: Duration) async throws(PluginError) -> any Indexer {
        var deadlines = CallDeadlines()
        deadlines.list = deadline
        return RemoteIndexer(try await connection(id), deadlines: deadlines)
    }

    /// Whether an instance is stored and connects just as `instance` would.
    func isSaved(_ instance: Instance) -> Bool {
        instances[instance.id].map { $0.connects(like: instance) } ?? false
    }

    /// Runs the test of `instance` over a connection of its own.
    ///
    /// A connection that is there already may go on with a session from before the password was changed, and would
    /// tell what was true then.
    ///
    /// A notifier for whose test nothing went wrong is sent an event as well, if it takes such ones.
    ///
    /// - Returns: a report without secrets.
    func test(_ instance: Instance) async throws(PluginError) -> ConnectionReport {
        try await withConnection(instance) { connection throws(PluginError) in
            do {
                // Every kind of plugin has the same test. Secrets of unsaved settings are known only until it ends.
                var report = try await RemoteDownloadClient(connection).test()
                if instance.kind == .notifier, report.checks.allSatisfy(\.ok) {
                    report.checks += await Self.sendTest(to: RemoteNotifier(connection), at: clock.now)
                }
                return report.redacted(by: redactor)
            } catch {
                throw PluginError(wrapping: error)
            }
        }
    }

    private static func sendTest(to notifier: RemoteNotifier, at now: Date) async -> [ConnectionReport.Check] {
        do {
            guard try await notifier.supportedEvents().contains(.known(.test)) else { return [] }
            try await notifier.notify(.test(at: now))
            return [.init("notification", ok: true, message: "An event was sent; see whether it has arrived.")]
        } catch {
            let error = PluginError(wrapping: error)
            return [.init("notification", ok: false, field: error.field, message: error.message)]
        }
    }

    /// The choices that a plugin offers for a field, with settings that need not be saved.
    func options(for source: String, of instance: Instance) async throws(PluginError) -> [SettingsField.Option] {
        try await withConnection(instance) { connection throws(PluginError) in
            do {
                return try await RemoteDownloadClient(connection).options(for: source)
            } catch {
                throw PluginError(wrapping: error)
            }
        }
    }

    /// Gives `body` a connection that nobody else uses, with cookies and stored values of its own, and ends it.
    func withConnection<Result: Sendable>(
        _ instance: Instance,
        _ body: (any PluginConnection) async throws(PluginError) -> Result
    ) async throws(PluginError) -> Result {
        instance.secrets.values.forEach(redactor.remember)
        defer { instance.secrets.values.forEach(redactor.forget) }
        let trial = instance.onTrial
        defer { folders.remove(trial.id) }
        let connection = try await connect(trial)
        do {
            let result = try await body(connection)
            await connection.shutDown()
            return result
        } catch {
            await connection.shutDown()
            throw error
        }
    }

    func connection(_ id: String) async throws(PluginError) -> any PluginConnection {
        guard let instance = instances[id] else { throw Self.noInstance(id) }
        guard !isEnding else { throw Self.ending }
        // A connection can outlive its plugin by a moment; it is not used any more.
        _ = try usableManifest(of: instance)
        let task = connections[id] ?? Task { self.share(try await self.connectSaved(id), of: id) }
        connections[id] = task
        do {
            return try await task.value
        } catch {
            // The next call tries anew; one that has begun since then is left alone.
            if connections[id] == task { connections[id] = nil }
            throw PluginError(wrapping: error)
        }
    }

    private func connectSaved(_ id: String) async throws(PluginError) -> any PluginConnection {
        await bringUpToDate(id)
        guard let instance = instances[id] else { throw Self.noInstance(id) }
        return try await connect(instance)
    }

    private func connect(_ instance: Instance) async throws(PluginError) -> any PluginConnection {
        let form = try usableManifest(of: instance).settings
        guard instance.settingsVersion >= form.version else { throw unmigrated(instance) }
        let connection: any PluginConnection
        do {
            connection = try await plugins.connect(
                instance.implementation,
                settings: instance.pluginSettings(for: form),
                services: services(instance)
            )
        } catch {
            throw error.redacted(by: redactor)
        }
        return RedactingConnection(connection: connection, redactor: redactor)
    }

    private func usableManifest(of instance: Instance) throws(PluginError) -> PluginManifest {
        guard let manifest = plugins.manifest(of: instance.implementation) else {
            throw PluginError(.unsupported, plugins.reasonAgainst(instance.implementation))
        }
        return manifest
    }

    private static func noInstance(_ id: String) -> PluginError {
        PluginError(.notFound, "There is no instance with the id \(id).")
    }

    private func share(_ connection: any PluginConnection, of id: String) -> SharedConnection {
        SharedConnection(connection) { [weak self] () async throws(PluginError) -> any PluginConnection in
            guard let self else { throw Self.ending }
            return try await self.connection(id)
        }
    }

    /// Has the next call connect anew; those that are open finish over the old connection.
    func replaceConnection(of id: String) async {
        guard let task = connections.removeValue(forKey: id) else { return }
        if let connection = try? await task.value { await connection.retire() }
    }

    private static var ending: PluginError { PluginError(.cancelled, "The server is ending.") }

    private func disconnect(_ id: String) async {
        guard let task = connections.removeValue(forKey: id) else { return }
        if let connection = try? await task.value { await connection.shutDown() }
    }
}
