import PluginAPI

/// Follows all jobs: the queue as a whole, and what is new in the history.
actor JobFeed {
    private let api: API
    private let renamed: RenamedJobs
    private let turnstile = Turnstile()
    private var ledger: DownloadLedger
    private var past = PastJobs()
    private var isHistoryOutdated = false
    private var stall = StallWatch()
    /// The host's ids of what the last poll has shown.
    private var present: Set<String> = []
    /// Ids that the last poll has missed: a job that goes from one list to the other can be in neither.
    private var doubtful: Set<String> = []

    /// - Parameter epoch: different for each feed, so that a cursor of an earlier one is not taken for this one's.
    init(_ api: API, renamed: RenamedJobs, epoch: String) {
        self.api = api
        self.renamed = renamed
        ledger = DownloadLedger(epoch: epoch)
    }

    /// The history is another one: a job was retried or removed.
    func forgetHistory() {
        isHistoryOutdated = true
    }

    /// Asks SABnzbd for news and answers what has changed since `cursor`.
    func changes(since cursor: String?) async throws -> DownloadChanges {
        // One at a time: answers that overtake each other would undo news.
        try await turnstile.enter()
        defer { turnstile.leave() }
        try await poll()
        return ledger.changes(since: cursor)
    }

    private func poll() async throws {
        // The queue first: what leaves it in between is in the history by then.
        let page = try await api.queue()
        var (past, stall) = (isHistoryOutdated ? PastJobs() : past, stall)
        isHistoryOutdated = false
        let hasReadHistory = try await past.refresh(from: api)
        let trouble = try await stall.look(at: page, api)
        (self.past, self.stall) = (past, stall)
        let originals = try await renamed.originals()
        var items = queueItems(page, trouble, originals)
        if hasReadHistory || present.isEmpty {
            items += past.slots.values.map { $0.item(as: originals[$0.id] ?? $0.id) }
        }
        let seen = Set((page.slots.map(\.id) + past.slots.keys).map { originals[$0] ?? $0 })
        let gone = doubtful.subtracting(seen)
        doubtful = present.subtracting(seen)
        present = seen.union(doubtful)
        ledger.update(items, removed: Array(gone))
    }

    private func queueItems(_ page: QueuePage, _ trouble: String?, _ originals: [String: String]) -> [DownloadItem] {
        let first = page.slots.first { $0.status == "Downloading" || $0.status == "Fetching" }?.id
        return page.slots.lazy.filter { self.past.slots[$0.id] == nil }.map { slot in
            let isFirst = slot.id == first
            let mood = QueueMood(
                isPaused: page.isPaused,
                speed: isFirst ? page.speed : nil,
                trouble: isFirst ? trouble : nil
            )
            return slot.item(as: originals[slot.id] ?? slot.id, mood)
        }
    }
}
