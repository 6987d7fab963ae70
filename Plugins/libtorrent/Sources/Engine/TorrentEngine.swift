import FoundationEssentials
import PluginAPI

/// The torrents of one instance, and the engine that transfers them.
///
/// It has a thread of its own, for the engine's calls wait. The engine itself begins with the first torrent, and uses the
/// network from the first one on that is not paused: until then it listens nowhere and asks nobody.
actor TorrentEngine {
    /// What the engine needs beside settings and host.
    struct Tools: Sendable {
        var sleep: @Sendable (Duration) async throws -> Void
        var now: @Sendable () -> ContinuousClock.Instant
        /// A random text of lower-case hexadecimal digits.
        var token: @Sendable () -> String

        static let system = Tools(
            sleep: { try await Task.sleep(for: $0) },
            now: { .now },
            token: {
                var random = SystemRandomNumberGenerator()
                return String(random.next(), radix: 16)
            }
        )
    }

    nonisolated let settings: LibTorrentSettings
    nonisolated let host: any HostServices
    let tools: Tools
    private let thread = WorkThread()

    var table: TorrentTable
    private(set) var session: Session?
    private(set) var folder: ResumeFolder?
    private(set) var folders = HostFolders(data: "", downloads: "")
    private var loading: Task<Void, any Error>?
    private(set) var isEnding = false
    /// What the DHT knew in an earlier run, until the engine has it.
    private var savedNodes: Data?
    var lastNodesSave: ContinuousClock.Instant
    /// Whether the engine may use the network.
    private var isOnline = false

    /// Torrents whose state on disk is behind, and when each was saved last.
    var unsaved: Set<UInt32> = []
    var lastSaves: [UInt32: ContinuousClock.Instant] = [:]
    /// Who waits until the state of a torrent has been asked for and written.
    var savers: [UInt32: [CheckedContinuation<Void, Never>]] = [:]
    var writes: [UInt32: Task<Void, Never>] = [:]
    /// Who waits until the files of a removed torrent are deleted.
    var deletions: [UInt32: CheckedContinuation<EngineFailure?, Never>] = [:]
    /// Adds that are under way, by info hash.
    var adds: [String: Task<AddedDownload, any Error>] = [:]
    /// Removals that are under way, by info hash: what is added anew has to wait for them.
    var removals: [String: Task<Void, any Error>] = [:]
    private var heart: Task<Void, Never>?
    private var beats = 0
    private var told: UInt64
    private var lastTold: ContinuousClock.Instant
    var listenFailure: String?

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(settings: LibTorrentSettings, host: any HostServices, tools: Tools) {
        (self.settings, self.host, self.tools) = (settings, host, tools)
        table = TorrentTable(epoch: tools.token())
        told = table.revision
        lastTold = tools.now()
        lastNodesSave = lastTold
    }

    deinit {
        thread.end()
    }

    // MARK: Life

    /// Makes sure that the torrents of earlier runs are there.
    ///
    /// - Throws: `PluginError` when the host's folders cannot be used; the next call tries again.
    func load() async throws {
        guard !isEnding else { throw PluginError(.cancelled, "The torrent client is ending.") }
        let task = loading ?? Task { try await self.loadAll() }
        loading = task
        do {
            try await task.value
        } catch {
            if loading == task { loading = nil }
            throw error
        }
    }

    private func loadAll() async throws {
        let folders = try await host.folders()
        let folder = ResumeFolder(folders.data + "/torrents")
        let saved = try await folder.all()
        (self.folders, self.folder) = (folders, folder)
        savedNodes = await nodes(in: folder)
        guard !saved.isEmpty else { return }
        let session = try openSession()
        for (id, data) in saved { await restore(id, data, session) }
        beat()
    }

    /// The engine, which begins now if it has not, without network.
    ///
    /// - Throws: `PluginError` when the system does not give it what it needs.
    func openSession() throws -> Session {
        if let session { return session }
        guard !isEnding else { throw PluginError(.cancelled, "The torrent client is ending.") }
        do {
            let opened = try Session(
                settings.session + LibTorrentSettings.offline,
                limitsLocalPeers: settings.limitLocalPeers,
                nodes: savedNodes
            ) { [weak self] in
                guard let self else { return }
                Task { await self.drain() }
            }
            session = opened
            savedNodes = nil
            return opened
        } catch {
            throw PluginError(.internal, "The torrent engine cannot begin: \(error.message).")
        }
    }

    /// Lets the engine use the network, once there is something to transfer.
    func connect() {
        guard let session, !isOnline, !isEnding else { return }
        isOnline = true
        lastNodesSave = tools.now()
        session.configure(settings.network)
    }

    /// Saves everything and ends the engine.
    func shutDown() async {
        isEnding = true
        heart?.cancel()
        heart = nil
        if let session {
            await saveNodes()
            session.pause()
            await saveAll(within: .seconds(3))
        }
        for write in writes.values { await write.value }
        session = nil
        for continuations in savers.values { continuations.forEach { $0.resume() } }
        savers = [:]
        for waiting in deletions.values { waiting.resume(returning: nil) }
        deletions = [:]
    }

    // MARK: The heart

    /// Has the engine looked at soon, and from time to time as long as something goes on.
    func beat() {
        guard heart == nil, session != nil, !isEnding else { return }
        heart = Task { [weak self, sleep = tools.sleep] in
            // Ends with the task, with the engine, or when nothing goes on.
            while let pause = await self?.pulse() {
                guard (try? await sleep(pause)) != nil else { return }
            }
        }
    }

    /// Does what is due.
    ///
    /// - Returns: how long to wait until the next time; `nil` when an event has to come first.
    private func pulse() -> Duration? {
        guard let session, !isEnding else { return nil }
        session.postUpdates()
        drain()
        let now = tools.now()
        beats += 1
        let lively = table.all.filter(\.isLively).map(\.number)
        for number in lively { table.change(number, now: now) }
        if beats % 8 == 0 { endSeeding() }
        saveDue(now)
        saveNodesIfDue(now)
        let isQuiet = tell(now)
        if !lively.isEmpty || !isQuiet { return .milliseconds(250) }
        if !unsaved.isEmpty || table.all.contains(where: \.isSharing) { return .seconds(2) }
        heart = nil
        return nil
    }

    /// Takes over what the engine has told.
    func drain() {
        guard let session else { return }
        // Ends: each round takes an event out of the engine.
        while let (number, event) = session.next() { handle(event, of: number) }
        tell(tools.now())
        beat()
    }

    /// Tells the host of changes, four times a second at most.
    ///
    /// - Returns: whether it knows of all.
    @discardableResult
    private func tell(_ now: ContinuousClock.Instant) -> Bool {
        guard table.revision != told else { return true }
        guard now - lastTold >= .milliseconds(250) else { return false }
        (told, lastTold) = (table.revision, now)
        host.emit("changed", details: [:])
        return true
    }
}
