import PluginAPI

/// Everything that aria2 lists, put together to downloads as hosts know them.
///
/// A magnet is two entries after another, a web address that leads to a torrent as well. What hosts see is the last one
/// of them, under the id of the first.
struct EntryTable: Sendable {
    /// A download: what it is called, and the entry that tells how it stands.
    struct Row: Sendable {
        let id: String
        let entry: Entry
        /// Every entry that belongs to it.
        var gids: [String]
        /// The entries that `entry` tells of: itself, or the files of a metalink.
        var parts: [Entry] = []
    }

    private(set) var rows: [String: Row] = [:]

    init(_ entries: [Entry]) {
        let byGID = Dictionary(entries.map { ($0.gid, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in entries where entry.status != .removed {
            let id = Self.id(of: entry, byGID)
            guard let old = rows[id] else {
                rows[id] = Row(id: id, entry: entry, gids: [entry.gid], parts: [entry])
                continue
            }
            let parts: [Entry]
            if entry.isPlainFile, old.parts.allSatisfy(\.isPlainFile) {
                parts = (old.parts + [entry]).sorted { ($0.files.first?.path ?? "") < ($1.files.first?.path ?? "") }
            } else {
                parts = Self.rank(entry) > Self.rank(old.entry) ? [entry] : old.parts
            }
            rows[id] = Row(id: id, entry: Entry.joined(parts), gids: old.gids + [entry.gid], parts: parts)
        }
        // Where a step is done and the next one is not listed, somebody has removed that.
        rows = rows.filter { $0.value.entry.followedBy.isEmpty }
    }

    /// The id of the first step that leads to `entry`.
    private static func id(of entry: Entry, _ byGID: [String: Entry]) -> String {
        var root = entry
        // A chain has two or three links; the limit is for one that bites its tail.
        for _ in 0..<8 {
            guard let before = root.following, let found = byGID[before] else { break }
            root = found
        }
        return root.infoHash ?? root.gid
    }

    /// How much an entry has to say about its download.
    private static func rank(_ entry: Entry) -> Int {
        // A step that is done speaks only for itself.
        if !entry.followedBy.isEmpty { return 0 }
        switch entry.status.value {
        case .active, .waiting, .paused: return entry.isMetadata ? 3 : 5
        case .complete: return entry.isMetadata ? 1 : 4
        default: return 2
        }
    }
}

extension RPC {
    /// The most finished downloads that are asked for; aria2 keeps 1000 unless told otherwise.
    private static let mostStopped = 2000

    /// Everything that aria2 knows, in one request.
    func entries() async throws -> EntryTable {
        let most = JSONValue.integer(Int64(Self.mostStopped))
        let lists = try await callAll(
            [
                Call("tellActive", Entry.keys), Call("tellWaiting", 0, most, Entry.keys),
                Call("tellStopped", 0, most, Entry.keys),
            ],
            as: [Entry].self
        )
        return EntryTable(lists.flatMap(\.self))
    }

    /// - Throws: `PluginError` with `.notFound` when aria2 does not have the download.
    func row(_ id: DownloadID) async throws -> EntryTable.Row {
        guard let row = try await entries().rows[id.text] else { throw id.missing }
        return row
    }
}
