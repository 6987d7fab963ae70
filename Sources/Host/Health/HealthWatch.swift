import FoundationEssentials
import PluginAPI

/// Keeps the list of problems and tells what changes.
///
/// It looks when somebody says that something may have changed and when somebody asks; at the disks, which tell
/// nothing by themselves, once a minute as well.
actor HealthWatch {
    /// How often the disks are looked at, in seconds.
    static let diskPace: TimeInterval = 60

    private let store: Store
    private let registry: Registry
    private let plugins: @Sendable () -> [PluginEntry]
    private let disks: DiskHealth
    private let redactor: Redactor
    private let logger: Logger
    private let clock: any WallClock
    private let feed: any HealthFeed
    private let hasNews: @Sendable () -> Void
    private let started: Date
    private let doorbell = Doorbell()

    private var list: ProblemList
    private var snapshot = HealthSnapshot()
    /// Before the first look there is nothing with which to compare.
    private var hasLooked = false
    private var news: HealthNews
    /// What of it is not in the outbox yet.
    private var unannounced: [NotificationEvent] = []
    private var lastDiskLook = Date.distantPast
    private var running: Task<Void, Never>?
    /// A look that has not begun, and so will see all that has happened until now.
    private var next: Task<Void, Never>?
    private var stored: [ProblemList.Record]
    private var storing: Task<Void, Never>?

    /// - Parameters:
    ///   - hasNews: says that there is something new in the outbox.
    ///   - plugins: the plugins as they are now.
    init(
        store: Store,
        registry: Registry,
        disks: DiskHealth,
        redactor: Redactor,
        logger: Logger,
        clock: any WallClock,
        feed: any HealthFeed,
        hasNews: @escaping @Sendable () -> Void = {},
        plugins: @escaping @Sendable () -> [PluginEntry]
    ) throws {
        self.store = store
        self.registry = registry
        self.plugins = plugins
        self.disks = disks
        self.redactor = redactor
        self.logger = logger
        self.clock = clock
        self.feed = feed
        self.hasNews = hasNews
        started = clock.now
        stored = try store.problems()
        list = ProblemList(remembering: stored)
        news = HealthNews(remembering: stored)
    }

    /// Takes over what is there already, of which nobody has to be told.
    func begin() async {
        await look()
    }

    /// Something may have changed; it is looked at soon.
    nonisolated func ring() {
        doorbell.ring()
    }

    /// Looks whenever it is time or somebody has rung, until the task is cancelled.
    func run(sleeper: any Clock<Duration> = .continuous) async {
        while !Task.isCancelled {
            let age = clock.now.timeIntervalSince(lastDiskLook)
            if (0..<Self.diskPace).contains(age) { await look() } else { await lookAtDisksToo() }
            if Task.isCancelled { break }
            let rest = Self.diskPace - clock.now.timeIntervalSince(lastDiskLook)
            await doorbell.wait(for: .seconds(min(max(rest, 1), Self.diskPace)), clock: sleeper)
        }
    }

    /// Waits until all is stored.
    func stop() async {
        await storing?.value
    }

    /// Adds what the server has found out about itself.
    func report(_ finding: Problem.Finding) {
        snapshot.server.append(finding)
        ring()
    }

    // MARK: Reading

    /// All problems as they are now, dismissed ones too, and what was found on the disks.
    func current() async -> (problems: [Problem], disks: [(name: String, finding: DiskHealth.Finding)]) {
        await lookAtDisksToo()
        return (list.all, snapshot.disks)
    }

    /// The number of problems that nobody has dismissed, by source, as the last look has found them.
    var openCounts: [(source: Problem.Source, count: Int)] {
        Problem.Source.allCases.map { ($0, list.openCount(of: $0)) }
    }

    // MARK: Dismissing

    /// Dismisses a problem or shows it again.
    ///
    /// - Returns: the problem as it is now; `nil` when there is none.
    /// - Throws: what storing throws; the problem is then as it was.
    func setDismissed(_ id: String, _ isDismissed: Bool) async throws -> Problem? {
        await look()
        guard let before = list[id] else { return nil }
        guard before.isDismissed != isDismissed else { return before }
        _ = list.setDismissed(id, isDismissed ? clock.now : nil)
        let records = list.records
        do {
            try await store.replaceProblems(with: records, now: clock.now)
        } catch {
            _ = list.setDismissed(id, before.dismissed)
            throw error
        }
        stored = records
        if let after = list[id] { feed.changed(.updated(after)) }
        return list[id]
    }

    // MARK: Looking

    private func lookAtDisksToo() async {
        lastDiskLook = clock.now
        let found = await disks.findings()
        snapshot.disks = found
        await look()
    }

    /// Looks at all but the disks: one look after the other, so that none overtakes a later one.
    private func look() async {
        if let next { return await next.value }
        let before = running
        let task = Task {
            await before?.value
            await takeOver()
        }
        next = task
        await task.value
    }

    private func takeOver() async {
        running = next
        next = nil
        let standings = await registry.standings
        let old = snapshot
        snapshot.standings = standings
        snapshot.plugins = plugins().map(redacted)
        snapshot.lostEvents = (try? store.lostEvents()) ?? snapshot.lostEvents
        let now = clock.now
        let changes = list.update(snapshot.findings.map(redacted), at: now)
        if now.timeIntervalSince(started) >= InstanceHealth.grace {
            list.forgetUnseen()
            news.forget(allBut: list.all.map(\.id))
        }
        unannounced += news.events(for: changes, at: now)
        if hasLooked { tell(changes, since: old) }
        hasLooked = true
        keep()
    }

    private func tell(_ changes: [ProblemList.Change], since old: HealthSnapshot) {
        snapshot.removedPlugins(since: old).forEach(feed.removed)
        snapshot.changedPlugins(since: old).forEach { feed.changed($0) }
        snapshot.changedInstances(since: old).forEach { feed.changed($0) }
        changes.forEach { feed.changed($0) }
    }

    /// Stores what has changed, without waiting: on a disk that hangs it would take for ever, and then above all the
    /// list of problems has to be shown.
    private func keep() {
        guard storing == nil, stored != list.records || !unannounced.isEmpty else { return }
        storing = Task {
            await store(upTo: 10)
            storing = nil
        }
    }

    /// Stores until nothing changes meanwhile, a few times at most: the next look goes on.
    private func store(upTo times: Int) async {
        for _ in 0..<times where stored != list.records || !unannounced.isEmpty {
            let records = list.records
            let events = unannounced
            unannounced = []
            do {
                try await store.replaceProblems(with: records, announcing: events, now: clock.now)
                stored = records
                if !events.isEmpty { hasNews() }
            } catch {
                unannounced = (events + unannounced).suffix(Store.mostWaitingNotifications)
                return logger.warning("The list of problems cannot be stored: \(error.words)")
            }
        }
    }

    private func redacted(_ entry: PluginEntry) -> PluginEntry {
        var entry = entry
        entry.reason = entry.reason.map(redactor.redact)
        return entry
    }

    private func redacted(_ finding: Problem.Finding) -> Problem.Finding {
        var finding = finding
        finding.message = redactor.redact(finding.message)
        return finding
    }
}
