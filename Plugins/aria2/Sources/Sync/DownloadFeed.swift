import PluginAPI

/// Follows the downloads of one aria2: asks for all of them in one request, and tells the host what is new.
actor DownloadFeed {
    private let rpc: RPC
    private let turnstile = Turnstile()
    private var ledger: DownloadLedger

    init(_ rpc: RPC, epoch: String) {
        self.rpc = rpc
        ledger = DownloadLedger(epoch: epoch)
    }

    /// Asks aria2 for news and answers what has changed since `cursor`.
    func changes(since cursor: String?) async throws -> DownloadChanges {
        // One at a time: answers that overtake each other would undo news.
        try await turnstile.enter()
        defer { turnstile.leave() }
        ledger.replaceAll(with: try await rpc.entries().rows.values.map { $0.entry.item(id: $0.id) })
        return ledger.changes(since: cursor)
    }
}
