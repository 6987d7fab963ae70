/// Remembers what was last told of each download, so that an answer to `DownloadClient.changes` holds only what is new.
///
/// For clients that list everything, or whose own news cannot be asked for twice. Revisions count the lists that changed
/// something; an old one can be asked for again, so an answer that got lost on the way to the host loses nothing.
public struct DownloadLedger: Sendable {
    private struct Row {
        var item: DownloadItem
        var changed: UInt64
    }

    /// How many removals are remembered; who has missed more gets everything.
    private static let removalLimit = 1000

    private let epoch: String
    private var rows: [String: Row] = [:]
    private var removals: [(id: String, revision: UInt64)] = []
    /// Changes since a revision below this one cannot be told apart any more.
    private var oldest: UInt64 = 1
    /// The latest revision; 0 before the first list.
    private var revision: UInt64 = 0

    /// - Parameter epoch: different for each ledger, so that a cursor of an earlier one is not taken for this one's.
    public init(epoch: String) {
        self.epoch = epoch
    }

    /// What was last told of a download.
    public func item(_ id: String) -> DownloadItem? {
        rows[id]?.item
    }

    /// Takes over everything that the client has: what is not among `items` is gone.
    public mutating func replaceAll(with items: [DownloadItem]) {
        let present = Set(items.map(\.id))
        take(items, removed: rows.keys.filter { !present.contains($0) })
    }

    /// Takes over new and changed downloads, and the ids of those that are gone.
    public mutating func update(_ items: [DownloadItem], removed: [String] = []) {
        take(items, removed: removed)
    }

    /// What has changed since the answer with that cursor; everything for `nil` and for a cursor that is not known.
    public func changes(since cursor: String?) -> DownloadChanges {
        let current = "\(epoch)-\(revision)"
        guard let known = cursor.flatMap(revision(in:)), known >= oldest, known <= revision else {
            return DownloadChanges(cursor: current, isComplete: true, items: rows.values.map(\.item))
        }
        guard known < revision else { return DownloadChanges(cursor: current, isComplete: false, items: []) }
        let items = rows.values.lazy.filter { $0.changed > known }.map(\.item)
        let removed = removals.lazy.filter { $0.revision > known }.map(\.id)
        return DownloadChanges(
            cursor: current,
            isComplete: false,
            items: Array(items),
            removed: Array(Set(removed))
        )
    }

    private mutating func take(_ items: [DownloadItem], removed: [String]) {
        let next = revision + 1
        var isChanged = revision == 0
        for id in removed where rows.removeValue(forKey: id) != nil {
            removals.append((id, next))
            isChanged = true
        }
        for item in items {
            guard let old = rows[item.id] else {
                // It may have been removed before.
                removals.removeAll { $0.id == item.id }
                rows[item.id] = Row(item: item, changed: next)
                isChanged = true
                continue
            }
            guard old.item != item else { continue }
            rows[item.id] = Row(item: item, changed: next)
            isChanged = true
        }
        forgetOldRemovals()
        if isChanged { revision = next }
    }

    private func revision(in cursor: String) -> UInt64? {
        guard cursor.hasPrefix(epoch + "-") else { return nil }
        return UInt64(cursor.dropFirst(epoch.count + 1))
    }

    private mutating func forgetOldRemovals() {
        guard removals.count > Self.removalLimit else { return }
        let surplus = removals.count - Self.removalLimit
        oldest = removals[surplus - 1].revision
        removals.removeFirst(surplus)
    }
}
