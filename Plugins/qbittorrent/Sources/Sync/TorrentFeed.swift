import PluginAPI

/// Follows the torrents of one server through `sync/maindata`, which tells only what has changed.
///
/// The server's counter (`rid`) belongs to its session; hosts get a cursor of this feed's own instead: its epoch and a
/// revision of its table.
actor TorrentFeed {
    /// Bytes for an answer with every torrent; about 1.7 kB each.
    private static let largestAnswer = 512 << 20

    private let api: WebAPI
    private let epoch: String
    private let turnstile = Turnstile()
    private var table = TorrentTable()
    private var responseID = 0

    /// - Parameter epoch: different for each feed, so that a cursor of an earlier one is not taken for this one's.
    init(_ api: WebAPI, epoch: String) {
        self.api = api
        self.epoch = epoch
    }

    /// Asks the server for news and answers what has changed since `cursor`.
    func changes(since cursor: String?) async throws -> DownloadChanges {
        // One at a time: the server's counter has one reader, and answers that overtake each other would undo news.
        try await turnstile.enter()
        defer { turnstile.leave() }
        try await poll()
        let changes = table.changes(after: cursor.flatMap(revision))
        return DownloadChanges(
            cursor: "\(epoch)-\(table.revision)",
            isComplete: changes.isComplete,
            items: changes.items,
            removed: changes.removed
        )
    }

    private func poll() async throws {
        let data = try await api.json(
            MainData.self,
            "sync/maindata",
            ["rid": "\(responseID)"],
            maxBytes: Self.largestAnswer
        )
        table.apply(data)
        responseID = data.responseID
    }

    private func revision(in cursor: String) -> UInt64? {
        guard cursor.hasPrefix(epoch + "-") else { return nil }
        return UInt64(cursor.dropFirst(epoch.count + 1))
    }
}
