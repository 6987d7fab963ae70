/// A download as its client knows it.
struct DownloadKey: Hashable, Sendable {
    let clientID: String
    let downloadID: String
}

/// The items of the queue in memory, found by whatever they are asked for without looking at all of them.
struct QueueRoster {
    /// Why an item has to be looked at.
    enum Concern: CaseIterable {
        /// It is not done with.
        case open
        /// It is imported or ignored.
        case done
        /// A poll may bring news of it soon.
        case active
        /// Its client has it and has said nothing about it yet.
        case unreported
        /// Its client did not answer when it was asked last.
        case unanswered
        /// Time alone changes it: patience ends, or a retry is due.
        case timed
    }

    fileprivate struct Group: Hashable {
        let concern: Concern
        let clientID: String
    }

    private var items: [String: QueueItem] = [:]
    private var idsByDownload: [DownloadKey: String] = [:]
    /// By the hash, shortened as `shortHash` does.
    private var idsByHash: [String: Set<String>] = [:]
    private var idsByTitle: [String: Set<String>] = [:]
    private var groups: [Group: Set<String>] = [:]

    /// Clients name a v2 torrent by the first 40 digits of its hash; a v1 hash has no more.
    static func shortHash(_ infoHash: String) -> String { String(infoHash.prefix(40)) }

    subscript(id: String) -> QueueItem? { items[id] }

    var all: some Collection<QueueItem> { items.values }

    /// The item that a client's download belongs to.
    func item(of key: DownloadKey) -> QueueItem? {
        idsByDownload[key].flatMap { items[$0] }
    }

    func items(withInfoHash hash: String) -> [QueueItem] {
        (idsByHash[Self.shortHash(hash)] ?? []).compactMap { items[$0] }.filter { $0.infoHash == hash }
    }

    func items(for titleID: String) -> [QueueItem] {
        (idsByTitle[titleID] ?? []).compactMap { items[$0] }
    }

    /// Whether an item has, or waits to be given, what a client calls `key`.
    func wants(_ key: DownloadKey) -> Bool {
        if idsByDownload[key] != nil { return true }
        let sameHash = (idsByHash[key.downloadID] ?? []).compactMap { items[$0] }
        return sameHash.contains {
            $0.clientID == key.clientID && $0.downloadID == nil && $0.tracked.state != .ignored
        }
    }

    /// The ids of a client's items with `concern`.
    func ids(_ concern: Concern, at clientID: String) -> Set<String> {
        groups[Group(concern: concern, clientID: clientID)] ?? []
    }

    /// The ids of all items with `concern`.
    func ids(_ concern: Concern) -> [String] {
        groups.filter { $0.key.concern == concern }.flatMap(\.value)
    }

    /// Puts an item in the place of the one with its id.
    ///
    /// - Returns: that one.
    @discardableResult
    mutating func set(_ item: QueueItem) -> QueueItem? {
        let old = items.updateValue(item, forKey: item.id)
        if let key = old?.downloadKey, key != item.downloadKey { drop(key, of: item.id) }
        if let key = item.downloadKey { idsByDownload[key] = item.id }
        Self.move(item.id, old?.infoHash.map(Self.shortHash), item.infoHash.map(Self.shortHash), in: &idsByHash)
        Self.move(item.id, old?.media?.titleID, item.media?.titleID, in: &idsByTitle)
        for concern in Concern.allCases { Self.move(item.id, old?.group(concern), item.group(concern), in: &groups) }
        return old
    }

    @discardableResult
    mutating func remove(_ id: String) -> QueueItem? {
        guard let item = items.removeValue(forKey: id) else { return nil }
        if let key = item.downloadKey { drop(key, of: id) }
        Self.move(id, item.infoHash.map(Self.shortHash), nil, in: &idsByHash)
        Self.move(id, item.media?.titleID, nil, in: &idsByTitle)
        for concern in Concern.allCases { Self.move(id, item.group(concern), nil, in: &groups) }
        return item
    }

    private mutating func drop(_ key: DownloadKey, of id: String) {
        if idsByDownload[key] == id { idsByDownload[key] = nil }
    }

    /// Takes an id out of the set under `old` and puts it into the one under `new`.
    private static func move<Key>(_ id: String, _ old: Key?, _ new: Key?, in sets: inout [Key: Set<String>]) {
        guard old != new else { return }
        if let old {
            sets[old]?.remove(id)
            if sets[old]?.isEmpty == true { sets[old] = nil }
        }
        if let new { sets[new, default: []].insert(id) }
    }
}

extension QueueItem {
    var downloadKey: DownloadKey? {
        downloadID.map { DownloadKey(clientID: clientID, downloadID: $0) }
    }

    fileprivate func group(_ concern: QueueRoster.Concern) -> QueueRoster.Group? {
        raises(concern) ? QueueRoster.Group(concern: concern, clientID: clientID) : nil
    }

    private func raises(_ concern: QueueRoster.Concern) -> Bool {
        switch concern {
        case .open: !isHidden
        case .done: isHidden
        case .active: isActive
        case .unreported:
            downloadID != nil && tracked.state == .downloading && tracked.report == nil && tracked.missingSince == nil
        case .unanswered: clientProblem != nil
        case .timed:
            tracked.state == .failedPending
                || tracked.state == .downloading && (tracked.missingSince != nil || tracked.troubledSince != nil)
        }
    }
}
