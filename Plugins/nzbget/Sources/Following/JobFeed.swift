import FoundationEssentials
import PluginAPI

/// Follows all jobs: the queue at every poll, and the history when something may have gone there.
actor JobFeed {
    /// Seconds after which the history is read although nothing hints at a change.
    private static let longestWait = 60.0

    private let api: API
    private let host: any HostServices
    private let turnstile = Turnstile()
    private var ledger: DownloadLedger
    private var past: [Int: HistoryEntry] = [:]
    private var read: Date?
    /// Jobs that were in the queue at the last poll.
    private var expected: Set<Int> = []
    /// Whether a job was added, retried or removed since the last poll began.
    private var isOutdated = false
    private var stall = StallWatch()

    /// - Parameter epoch: different for each feed, so that a cursor of an earlier one is not taken for this one's.
    init(_ api: API, host: any HostServices, epoch: String) {
        self.api = api
        self.host = host
        ledger = DownloadLedger(epoch: epoch)
    }

    /// A job was added, retried or removed: where it is now has to be looked up.
    func expectChange() {
        isOutdated = true
    }

    /// Asks NZBGet for news and answers what has changed since `cursor`.
    func changes(since cursor: String?) async throws -> DownloadChanges {
        // One at a time: answers that overtake each other would undo news.
        try await turnstile.enter()
        defer { turnstile.leave() }
        try await poll()
        return ledger.changes(since: cursor)
    }

    private func poll() async throws {
        let wasOutdated = isOutdated
        isOutdated = false
        // The queue first: what leaves it in between is in the history by then.
        let groups = try await api.groups()
        let status = try await api.status()
        let present = Set(groups.map(\.id))
        let now = host.now
        let isStale = read.map { now.timeIntervalSince($0) >= Self.longestWait } ?? true
        if wasOutdated || isStale || !expected.isSubset(of: present) {
            let history = try await api.history()
            past = Dictionary(history.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            read = now
        }
        var stall = stall
        let trouble = try await stall.look(at: groups, status, api)
        self.stall = stall
        expected = present
        let queued = groups.map { $0.item(mood(of: $0, groups, status, trouble)) }
        let done = past.values.filter { !present.contains($0.id) && !$0.wasDeletedByHand }.map { $0.item() }
        ledger.replaceAll(with: queued + done)
    }

    private func mood(of group: Group, _ groups: [Group], _ status: ServerStatus, _ trouble: String?) -> QueueMood {
        let isFirst = group.id == groups.first { $0.phase == .downloading }?.id
        return QueueMood(
            isPaused: status.isPaused,
            speed: isFirst ? status.speed : 0,
            trouble: isFirst ? trouble : nil
        )
    }
}
