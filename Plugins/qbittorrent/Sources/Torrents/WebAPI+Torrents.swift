import PluginAPI
import Synchronization

/// A torrent as the server answers it.
struct ListedTorrent: Sendable {
    /// The id that the server takes.
    let listedID: TorrentID
    let patch: TorrentPatch

    /// - Returns: `nil` for an entry without a readable id.
    init?(_ patch: TorrentPatch) {
        guard let hash = patch.hash, let id = try? TorrentID(hash) else { return nil }
        listedID = id
        self.patch = patch
    }

    var torrent: Torrent { Torrent(id: patch.id(listedAs: listedID.hex), patch) }
}

extension WebAPI {
    /// The torrent that the server lists under one of these ids.
    func torrent(listedAs ids: [String]) async throws -> ListedTorrent? {
        // A version that does not know the filter gives everything.
        try await torrents(["hashes": ids.joined(separator: "|")]).first { ids.contains($0.listedID.hex) }
    }

    /// The torrent with that id, under whatever id the server lists it; `nil` when it has none.
    func find(_ id: TorrentID) async throws -> ListedTorrent? {
        let usual = renamed.withLock { $0[id] } ?? id
        if let found = try await torrent(listedAs: [usual.hex]) { return found }
        guard let found = try await torrent(hashedAs: id.hex) else { return nil }
        renamed.withLock { $0[id] = found.listedID }
        return found
    }

    /// The torrent with that v1 hash, which the server may list under another id; looks through everything.
    func torrent(hashedAs hash: String) async throws -> ListedTorrent? {
        try await torrents([:]).first { $0.patch.infoHashV1 == hash }
    }

    /// As `find`, but it has to be there.
    ///
    /// - Throws: `PluginError` with `.notFound`.
    func torrent(_ id: TorrentID) async throws -> ListedTorrent {
        guard let found = try await find(id) else { throw Self.missing(id) }
        return found
    }

    static func missing(_ id: TorrentID) -> PluginError {
        PluginError(.notFound, "qBittorrent does not have the torrent \(id.hex) any more.", field: "id")
    }

    /// The torrent with that tag; before API 2.8.3 the filter is not known, so every answer is looked through.
    func torrent(tagged tag: String) async throws -> ListedTorrent? {
        try await torrents(["tag": tag]).first { listed in
            listed.patch.tags?.split(separator: ",").contains { $0.drop { $0 == " " } == tag } == true
        }
    }

    private func torrents(_ query: KeyValuePairs<String, String>) async throws -> [ListedTorrent] {
        try await json([TorrentPatch].self, "torrents/info", query, maxBytes: 512 << 20).compactMap(ListedTorrent.init)
    }
}
