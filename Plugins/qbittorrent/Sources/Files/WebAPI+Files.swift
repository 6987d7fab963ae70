import PluginAPI

extension WebAPI {
    /// The files of a torrent, in its order; empty while they are not known.
    ///
    /// - Throws: `PluginError` with `.notFound` when the server does not have the torrent.
    func files(of id: TorrentID) async throws -> [FileEntry] {
        try await naming(id) { try await json([FileEntry].self, "torrents/files", ["hash": id.hex]) }
    }

    /// The size of each piece but the last, in bytes; below 1 while the metadata is missing.
    func pieceSize(of id: TorrentID) async throws -> Int64 {
        struct Properties: Decodable {
            var size: Int64

            enum CodingKeys: String, CodingKey { case size = "piece_size" }
        }
        return try await naming(id) { try await json(Properties.self, "torrents/properties", ["hash": id.hex]).size }
    }

    /// For each piece: 0 missing, 1 under way, 2 downloaded and verified.
    func pieceStates(of id: TorrentID) async throws -> [UInt8] {
        try await naming(id) { try await json([UInt8].self, "torrents/pieceStates", ["hash": id.hex]) }
    }

    /// Lets a 404 speak of the torrent and not of the address.
    private func naming<Value>(_ id: TorrentID, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PluginError where error.code == .notFound {
            throw Self.missing(id)
        }
    }
}
