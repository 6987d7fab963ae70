import Cryptography
import FoundationEssentials
import PluginAPI

/// The one queue: every download that Kinodock has accepted, whatever client it is with, until it is in the library.
///
/// Items live in memory and are written to the store whenever something changes that must survive a restart. What the
/// clients report comes in through `apply`; what has to be done comes out of each item's state machine.
actor DownloadQueue {
    let store: Store
    let registry: Registry
    let feed: any QueueFeed
    let snapshot: QueueSnapshot
    let importer: any DownloadImporting
    let sealingKey: SealingKey
    let qualities: QualityTable
    let logger: Logger
    let clock: any WallClock
    /// Items that are kept although they are imported or ignored.
    let mostDone: Int
    /// Asks for a poll of a client soon, because something was done there.
    let pollSoon: @Sendable (_ clientID: String) -> Void
    /// Says that there is something new in the outbox.
    let hasNews: @Sendable () -> Void

    var items = QueueRoster()
    /// Adds that are under way by info hash, so that the same download is not sent twice.
    var addsUnderWay: [String: Task<AddOutcome, any Error>] = [:]
    var importLine = ImportLine()
    var runningImport: (id: String, task: Task<Void, Never>)?
    /// Whether the server ends, so that no import begins and none that is cut off counts as failed.
    var isEnding = false
    /// The items that their client has to be given (again), by id.
    var needsSubmission: [String: PendingSubmission] = [:]
    /// Ids of items that a client is being given.
    var resubmitting: Set<String> = []
    /// Removals that a client is being asked for.
    var removalsUnderWay: [DownloadKey: Task<Void, Never>] = [:]
    /// Ids of items whose last change could not be written; `tick` tries again.
    var unsaved: Set<String> = []
    /// Events that could not be written into the outbox with the changes that they tell of.
    var unannounced: [NotificationEvent] = []

    init(
        store: Store,
        registry: Registry,
        feed: any QueueFeed,
        snapshot: QueueSnapshot,
        importer: any DownloadImporting,
        sealingKey: SealingKey,
        qualities: QualityTable,
        logger: Logger,
        clock: any WallClock,
        mostDone: Int = 10_000,
        pollSoon: @escaping @Sendable (String) -> Void,
        hasNews: @escaping @Sendable () -> Void = {}
    ) {
        self.store = store
        self.registry = registry
        self.feed = feed
        self.snapshot = snapshot
        self.importer = importer
        self.sealingKey = sealingKey
        self.qualities = qualities
        self.logger = logger
        self.clock = clock
        self.mostDone = mostDone
        self.pollSoon = pollSoon
        self.hasNews = hasNews
    }

    /// Reads the stored items and goes on where the last run ended.
    ///
    /// Call it once, before anything else.
    func load() async throws {
        let names = Dictionary(
            uniqueKeysWithValues: await registry.instances(of: .downloadClient).map { ($0.id, $0.name) }
        )
        let now = clock.now
        let stored = try store.queueItems { names[$0] ?? "deleted client" }
        var pending: [(String, [TrackedDownload.Action])] = []
        for var item in stored {
            pending.append((item.id, item.tracked.restarted()))
            // The last run ended between accepting the download, or a retry of it, and the client's answer.
            let isUnanswered = item.downloadID == nil || item.tracked.isRetrying
            if isUnanswered, item.tracked.state == .downloading { needsSubmission[item.id] = PendingSubmission() }
            remember(item)
            feed.appeared(item, isNew: false, at: now)
        }
        for (id, actions) in pending { await perform(actions, on: id) }
        startNextImport()
    }

    // MARK: Reading

    func item(_ id: String) -> QueueItem? { items[id] }

    func items(for titleID: String) -> [QueueItem] { items.items(for: titleID) }

    /// The item for a torrent, unless the user wants no more of it.
    func item(withInfoHash hash: String) -> QueueItem? {
        items.items(withInfoHash: hash).first { $0.tracked.state != .ignored }
    }

    // MARK: Changing

    /// Puts `item` into memory and tells the feed.
    ///
    /// - Returns: whether something changed that must be stored.
    func commit(_ item: QueueItem, at now: Date) -> Bool {
        let old = remember(item)
        feed.changed(item, wasHidden: old?.isHidden == true, at: now)
        return old?.durable != item.durable
    }

    /// As `commit`, and writes the item.
    ///
    /// - Parameter actions: what its state machine asks for; written is only what of it has to be told.
    func commitAndStore(_ item: QueueItem, _ actions: [TrackedDownload.Action] = []) async {
        let now = clock.now
        if commit(item, at: now) { await storeItems([item], announcing: events(for: actions, of: item, now), now) }
    }

    /// Writes items; those that cannot be written now are written by a later `tick`.
    ///
    /// - Parameter events: what the changes are told as.
    func storeItems(_ changed: [QueueItem], announcing events: [NotificationEvent] = [], _ now: Date) async {
        guard !changed.isEmpty else { return }
        do {
            try await store.update(changed, announcing: events, now: now)
            unsaved.subtract(changed.map(\.id))
            if !events.isEmpty { hasNews() }
        } catch {
            logger.error("A change of the queue cannot be stored: \(error)")
            unsaved.formUnion(changed.map(\.id))
            unannounced += events
        }
    }

    /// What has to be told when an item does what its state machine asks for.
    func events(for actions: [TrackedDownload.Action], of item: QueueItem, _ now: Date) -> [NotificationEvent] {
        guard actions.contains(where: { $0 == .notifyCompleted || $0 == .notifyFailed }) else { return [] }
        return NotificationEvent.events(for: actions, of: item, for: title(of: item), at: now)
    }

    /// The title that an item is for, as far as the library knows it.
    func title(of item: QueueItem) -> Title? {
        item.media.flatMap { media in try? store.title(media.titleID) }
    }

    /// Writes what could not be written before, one by one, so that one bad item does not hold up the others.
    func storeUnsaved(_ now: Date) async {
        if !unannounced.isEmpty { await announceUnannounced(now) }
        for id in unsaved {
            guard let item = items[id] else {
                unsaved.remove(id)
                continue
            }
            do {
                try await store.update([item], now: now)
                unsaved.remove(id)
            } catch {
                logger.error("\(item.title) cannot be stored: \(error)", ["item": .string(id)])
            }
        }
    }

    private func announceUnannounced(_ now: Date) async {
        let events = unannounced
        unannounced = []
        do {
            try await store.announce(events, now: now)
            hasNews()
        } catch {
            // What nobody could be told for so long is no news; the disk that is full must not fill the memory.
            unannounced = (events + unannounced).suffix(Store.mostWaitingNotifications)
        }
    }

    func forget(_ ids: [String]) {
        let gone = ids.compactMap { items.remove($0) }
        for item in gone {
            needsSubmission[item.id] = nil
            unsaved.remove(item.id)
            let others = item.media.map { items(for: $0.titleID) } ?? []
            snapshot.drop(item, next: others.max { ($0.added, $0.id) < ($1.added, $1.id) })
        }
        feed.disappeared(gone)
    }

    /// Puts `item` into memory.
    ///
    /// - Returns: what was there in its place.
    @discardableResult
    func remember(_ item: QueueItem) -> QueueItem? {
        snapshot.note(item)
        return items.set(item)
    }

    /// Does what an item's state machine asks for.
    func perform(_ actions: [TrackedDownload.Action], on id: String) async {
        for action in actions {
            guard let item = items[id] else { return }
            switch action {
            case .requestImport where item.staysWithItsClient: await leave(item)
            case .requestImport:
                importLine.append(id)
                startNextImport()
            case .startImport: break  // only `startNextImport` asks for it, and does it
            case .cancelImport: if runningImport?.id == id { runningImport?.task.cancel() }
            case .notifyCompleted: feed.completed(item, at: clock.now)
            case .notifyFailed:
                logger.warning("\(item.title) failed: \(item.tracked.failure?.message ?? "")", ["item": .string(id)])
                feed.failed(item, at: clock.now)
            case .scheduleRetry: break  // `tick` looks at the times
            case .retryDownload:
                needsSubmission[id] = PendingSubmission()
                resubmit(id)
            }
        }
    }
}
