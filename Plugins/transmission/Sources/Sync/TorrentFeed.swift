import FoundationEssentials
import PluginAPI

/// Follows the torrents of one Transmission.
///
/// It asks for those at which something has happened within the last minute. That leaves out some changes that others
/// make to idle torrents, so everything is asked for from time to time, after a change of Kinodock's own, and when the
/// session id is another one, for then the numbers by which Transmission tells what is gone may be other ones too.
actor TorrentFeed {
    /// Seconds after which everything is asked for again; less than the minute in which Transmission remembers.
    private static let fullPeriod = 30.0

    private let rpc: RPC
    private let host: any HostServices
    private let category: String
    private let turnstile = Turnstile()
    private var ledger: DownloadLedger
    private var hashes: [Int: String] = [:]
    private var generation = -1
    private var fullAt = Date.distantPast

    init(_ rpc: RPC, host: any HostServices, category: String, epoch: String) {
        self.rpc = rpc
        self.host = host
        self.category = category
        ledger = DownloadLedger(epoch: epoch)
    }

    /// Asks Transmission for news and answers what has changed since `cursor`.
    func changes(since cursor: String?) async throws -> DownloadChanges {
        // One at a time: answers that overtake each other would undo news.
        try await turnstile.enter()
        defer { turnstile.leave() }
        try await poll()
        return ledger.changes(since: cursor)
    }

    /// Has everything asked for at the next poll.
    func expectChange() {
        fullAt = .distantPast
    }

    private func poll() async throws {
        let now = host.now
        let age = now.timeIntervalSince(fullAt)
        if rpc.generation == generation, age >= 0, age < Self.fullPeriod {
            let recent = try await rpc.recentTorrents()
            // A new session id during the call: what is gone was told by other numbers.
            if rpc.generation == generation {
                let removed = recent.removed.compactMap { hashes.removeValue(forKey: $0) }
                let items = try await settled(recent.torrents)
                let present = Set(items.map(\.id))
                return ledger.update(items, removed: removed.filter { !present.contains($0) })
            }
        }
        let torrents = try await rpc.torrents()
        ledger.replaceAll(with: try await settled(torrents))
        hashes = Dictionary(torrents.map { ($0.number, $0.hash) }, uniquingKeysWith: { _, last in last })
        (generation, fullAt) = (rpc.generation, now)
    }

    /// The torrents as items; those that have just become complete are looked at again.
    ///
    /// Transmission has moved a torrent out of its incomplete folder when it answers the next call, not before.
    private func settled(_ torrents: [Torrent]) async throws -> [DownloadItem] {
        for torrent in torrents { hashes[torrent.number] = torrent.hash }
        let fresh = torrents.filter { torrent in
            torrent.isComplete && ledger.item(torrent.hash).map { !$0.isComplete } ?? true
        }
        let limit = 200
        let again = try await rpc.torrents(fresh.prefix(limit).map(\.hash))
        let byHash = Dictionary(again.map { ($0.hash, $0) }, uniquingKeysWith: { _, last in last })
        return torrents.map { (byHash[$0.hash] ?? $0).item(preferring: category) }
    }
}
