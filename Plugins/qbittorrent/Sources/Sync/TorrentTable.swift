import PluginAPI

/// Every torrent as last reported, and when each has last changed in a way that a host can see.
///
/// Revisions count the answers that changed something. An old revision can be asked for again, so an answer that got
/// lost on the way to the host loses nothing.
struct TorrentTable: Sendable {
    private struct Row {
        var torrent: Torrent
        var changed: UInt64
    }

    /// How many removals are remembered; who has missed more gets everything.
    private static let removalLimit = 1000

    /// By the id under which the server lists the torrent.
    private var rows: [String: Row] = [:]
    private var removals: [(id: String, revision: UInt64)] = []
    /// Changes since a revision below this one cannot be told apart any more.
    private var oldest: UInt64 = 1
    /// The latest revision; 0 before the first answer.
    private(set) var revision: UInt64 = 0
    /// One copy of each category and save path, which most torrents share.
    private var shared: Set<String> = []

    /// Takes over an answer of the server.
    mutating func apply(_ data: MainData) {
        let next = revision + 1
        var isChanged = revision == 0
        if data.isFull {
            // The server has begun anew: what it says now is all there is.
            oldest = next
            removals = []
            isChanged = true
            rows = rows.filter { data.torrents[$0.key] != nil }
            rows.reserveCapacity(data.torrents.count)
        }
        for id in data.removed {
            guard let row = rows.removeValue(forKey: id) else { continue }
            removals.append((row.torrent.id, next))
            isChanged = true
        }
        for (id, patch) in data.torrents {
            isChanged = merge(patch, of: id, isWhole: data.isFull, at: next) || isChanged
        }
        forgetOldRemovals()
        if isChanged { revision = next }
    }

    /// What has changed after `revision`; everything for `nil` and for one that is not known.
    func changes(after known: UInt64?) -> (isComplete: Bool, items: [DownloadItem], removed: [String]) {
        guard let known, known >= oldest, known <= revision else {
            return (true, rows.values.map(\.torrent.item), [])
        }
        guard known < revision else { return (false, [], []) }
        let items = rows.values.lazy.filter { $0.changed > known }.map(\.torrent.item)
        let removed = removals.lazy.filter { $0.revision > known }.map(\.id)
        return (false, Array(items), Array(Set(removed)))
    }

    /// - Returns: whether a host can see the difference.
    private mutating func merge(_ patch: TorrentPatch, of id: String, isWhole: Bool, at next: UInt64) -> Bool {
        let patch = sharing(patch)
        guard let old = rows[id]?.torrent else {
            insert(Torrent(id: patch.id(listedAs: id), patch), listedAs: id, at: next)
            return true
        }
        var new = isWhole ? Torrent(id: old.id, patch) : old
        if !isWhole { new.merge(patch) }
        let isChanged = new.item != old.item
        rows[id]?.torrent = new
        if isChanged { rows[id]?.changed = next }
        return isChanged
    }

    private mutating func insert(_ torrent: Torrent, listedAs id: String, at next: UInt64) {
        rows[id] = Row(torrent: torrent, changed: next)
        // It may have been removed before, or listed under another id until now; 5.1 does not take that back.
        removals.removeAll { $0.id == torrent.id }
        if torrent.id != id { rows[torrent.id] = nil }
    }

    private mutating func sharing(_ patch: TorrentPatch) -> TorrentPatch {
        var patch = patch
        patch.category = patch.category.map { shared.insert($0).memberAfterInsert }
        patch.savePath = patch.savePath.map { shared.insert($0).memberAfterInsert }
        return patch
    }

    private mutating func forgetOldRemovals() {
        guard removals.count > Self.removalLimit else { return }
        let surplus = removals.count - Self.removalLimit
        oldest = removals[surplus - 1].revision
        removals.removeFirst(surplus)
    }
}
