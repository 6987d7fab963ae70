import PluginAPI

/// Follows the torrents of one Deluge: asks for all of them, and tells the host what is new.
actor TorrentFeed {
    private let web: Web
    private let turnstile = Turnstile()
    private var ledger: DownloadLedger

    init(_ web: Web, epoch: String) {
        self.web = web
        ledger = DownloadLedger(epoch: epoch)
    }

    /// Asks Deluge for news and answers what has changed since `cursor`.
    func changes(since cursor: String?) async throws -> DownloadChanges {
        // One at a time: answers that overtake each other would undo news.
        try await turnstile.enter()
        defer { turnstile.leave() }
        ledger.replaceAll(with: try await web.torrents().map { $1.item(id: $0) })
        return ledger.changes(since: cursor)
    }
}
