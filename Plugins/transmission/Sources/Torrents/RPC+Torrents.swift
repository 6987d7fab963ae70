import PluginAPI

extension RPC {
    private struct Listing<Entry: Decodable>: Decodable {
        var torrents: [Entry]
        /// Numbers of torrents that went a moment ago; only in an answer about recent ones.
        var removed: [Int]?
    }

    /// Bytes for an answer with every torrent; about 700 each.
    private static let largestList = 256 << 20

    /// Every torrent.
    func torrents() async throws -> [Torrent] {
        try await list(["fields": Torrent.fields], of: Torrent.self).torrents
    }

    /// Those at which something has happened within the last minute, and the numbers of those that went.
    func recentTorrents() async throws -> (torrents: [Torrent], removed: [Int]) {
        let listing = try await list(
            ["ids": "recently-active", "fields": Torrent.fieldsWithTrackers],
            of: Torrent.self
        )
        return (listing.torrents, listing.removed ?? [])
    }

    /// These torrents, as far as they are there.
    func torrents(_ hashes: [String]) async throws -> [Torrent] {
        // An empty list would mean all of them.
        guard !hashes.isEmpty else { return [] }
        let arguments: [String: JSONValue] = [
            "ids": .array(hashes.map(JSONValue.string)), "fields": Torrent.fieldsWithTrackers,
        ]
        return try await list(arguments, of: Torrent.self).torrents
    }

    /// The torrent of that id; `nil` when Transmission does not have it.
    func find(_ id: TorrentID) async throws -> Torrent? {
        guard let found = try await torrents([id.hex]).first else { return nil }
        guard found.isComplete else { return found }
        // The move out of the incomplete folder is done before the next call is answered.
        return try await torrents([id.hex]).first
    }

    /// As `find`, but it has to be there, and with fields of one's own.
    ///
    /// - Throws: `PluginError` with `.notFound`.
    func torrent<Fields: Decodable>(_ id: TorrentID, _ fields: JSONValue, as type: Fields.Type) async throws -> Fields {
        guard let found = try await list(["ids": id.ids, "fields": fields], of: type).torrents.first else {
            throw PluginError(.notFound, "Transmission does not have the torrent \(id.hex) any more.", field: "id")
        }
        return found
    }

    /// The labels of all torrents; empty before 3.00.
    func labels() async throws -> Set<String> {
        struct Labels: Decodable { var labels: [String]? }
        let entries = try await list(["fields": ["labels"]], of: Labels.self).torrents
        return Set(entries.flatMap { $0.labels ?? [] })
    }

    private func list<Entry: Decodable>(
        _ arguments: [String: JSONValue],
        of entry: Entry.Type
    ) async throws -> Listing<Entry> {
        try await call(
            "torrent-get",
            arguments,
            as: Listing<Entry>.self,
            doing: "list the torrents",
            maxBytes: Self.largestList
        )
    }
}
