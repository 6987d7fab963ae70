import PluginAPI

/// SABnzbd's history as last read, and what it takes to read only what is new.
struct PastJobs: Sendable {
    /// The latest entries that are followed; older ones are asked for one by one.
    static let most = 5000
    /// Entries of one request for everything.
    static let page = 500
    /// Entries of a request for news.
    static let newest = 50

    private(set) var slots: [String: HistorySlot] = [:]
    /// The number of the history's state; `nil` before it was read.
    private(set) var revision: Int?
    /// Whether something is in post-processing, whose steps do not all count as a change.
    private(set) var isBusy = false

    /// Brings the history up to date.
    ///
    /// - Returns: whether it was read.
    mutating func refresh(from api: API) async throws -> Bool {
        guard revision != nil else {
            try await readAll(from: api)
            return true
        }
        let page = try await api.history(limit: Self.newest, since: isBusy ? nil : revision)
        guard let news = page.slots else { return false }
        guard page.total > news.count else {
            // There is no more than this.
            take(Dictionary(news.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last }), page)
            return true
        }
        let isSame = page.revision == revision
        var next = slots.filter { $0.value.isDone }
        for slot in news { next[slot.id] = slot }
        // Another number of entries means that some were removed, or that more are new than were asked for.
        let total = min(page.total - doubled(news), Self.most)
        if !isSame, min(next.count, Self.most) != total {
            try await readAll(from: api)
        } else {
            take(next, page)
        }
        return true
    }

    private mutating func readAll(from api: API) async throws {
        var all: [String: HistorySlot] = [:]
        var start = 0
        while start < Self.most {
            let page = try await api.history(from: start, limit: Self.page)
            let slots = page.slots ?? []
            // From the oldest on: of an entry that is there twice the finished one stands behind the other.
            for slot in slots where all[slot.id]?.isDone != true { all[slot.id] = slot }
            start += slots.count
            if start >= page.total || slots.isEmpty {
                take(all, page)
                return
            }
            if start >= Self.most { take(all, page) }
        }
    }

    private mutating func take(_ all: [String: HistorySlot], _ page: HistoryPage) {
        slots = all
        revision = page.revision ?? 0
        isBusy = all.values.contains { !$0.isDone }
    }

    private func doubled(_ slots: [HistorySlot]) -> Int {
        slots.count - Set(slots.map(\.id)).count
    }
}
