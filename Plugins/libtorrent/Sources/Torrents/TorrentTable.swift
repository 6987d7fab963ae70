import PluginAPI

/// All torrents, and what has changed since when.
struct TorrentTable: Sendable {
    /// Removed torrents that are remembered for those who ask what has changed.
    private static let mostRemovals = 1000

    private var records: [UInt32: TorrentRecord] = [:]
    private var numbers: [String: UInt32] = [:]
    private var removals: [(id: String, revision: UInt64)] = []
    /// Changes before this one are forgotten.
    private var horizon: UInt64 = 0
    private var lastNumber: UInt32 = 0
    /// Tells this table from others in cursors.
    private let epoch: String
    /// Grows with each change that the host sees.
    private(set) var revision: UInt64 = 1

    init(epoch: String) {
        self.epoch = epoch
    }

    var isEmpty: Bool { records.isEmpty }
    var all: Dictionary<UInt32, TorrentRecord>.Values { records.values }

    mutating func nextNumber() -> UInt32 {
        lastNumber += 1
        return lastNumber
    }

    subscript(number: UInt32) -> TorrentRecord? { records[number] }

    /// The torrent of that id, or of that info hash.
    subscript(id: String) -> TorrentRecord? { numbers[Self.key(id)].flatMap { records[$0] } }

    /// The torrent that has one of the hashes.
    func record(of hashes: InfoHashes) -> TorrentRecord? {
        [hashes.v1, hashes.v2].lazy.compactMap { $0.flatMap { self[$0] } }.first
    }

    mutating func insert(_ record: TorrentRecord, now: ContinuousClock.Instant) {
        records[record.number] = record
        index(record)
        revision += 1
        change(record.number, now: now) { $0.revision = 0 }
        records[record.number]?.revision = revision
    }

    /// Changes a torrent, and notes it as changed if the host sees a difference.
    mutating func change(
        _ number: UInt32,
        now: ContinuousClock.Instant,
        _ body: (inout TorrentRecord) -> Void = { _ in }
    ) {
        guard var record = records.removeValue(forKey: number) else { return }
        let hashes = record.notes.hashes
        body(&record)
        if record.notes.hashes != hashes { index(record) }
        if record.refresh(now: now) {
            revision += 1
            record.revision = revision
        }
        records[number] = record
    }

    mutating func remove(_ number: UInt32) {
        guard let record = records.removeValue(forKey: number) else { return }
        numbers = numbers.filter { $0.value != number }
        revision += 1
        removals.append((record.id, revision))
        if removals.count > Self.mostRemovals { horizon = removals.removeFirst().revision }
    }

    /// What has changed since the answer with `cursor`; everything when it is not one of this table, or too old.
    func changes(since cursor: String?) -> DownloadChanges {
        let cursorNow = "\(epoch)-\(revision)"
        guard let seen = cursor.flatMap(revision(of:)), seen >= horizon, seen <= revision else {
            return DownloadChanges(cursor: cursorNow, isComplete: true, items: records.values.map(\.item))
        }
        guard seen < revision else { return DownloadChanges(cursor: cursorNow, isComplete: false, items: []) }
        let removed = removals.filter { $0.revision > seen && self[$0.id] == nil }.map(\.id)
        let items = records.values.lazy.filter { $0.revision > seen }.map(\.item)
        return DownloadChanges(cursor: cursorNow, isComplete: false, items: Array(items), removed: removed)
    }

    private func revision(of cursor: String) -> UInt64? {
        let parts = cursor.split(separator: "-")
        return parts.count == 2 && parts[0] == epoch ? UInt64(parts[1]) : nil
    }

    private mutating func index(_ record: TorrentRecord) {
        for id in [record.id, record.notes.v1, record.notes.v2] {
            if let id { numbers[Self.key(id)] = record.number }
        }
    }

    /// A v2 hash is also written in its first 40 digits.
    private static func key(_ id: String) -> String { String(id.lowercased().prefix(40)) }
}
