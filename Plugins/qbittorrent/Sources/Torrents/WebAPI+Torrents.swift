import PluginAPI

extension WebAPI {
    /// The torrents with these ids that the server has.
    func torrents(_ ids: [String]) async throws -> [Torrent] {
        try await patches(["hashes": ids.joined(separator: "|")])
            .compactMap { patch in patch.hash.map { Torrent(id: $0, patch) } }
            // A version that does not know the filter gives everything.
            .filter { ids.contains($0.id) }
    }

    /// The torrent with that id and its fields as they came.
    func patch(of id: TorrentID) async throws -> TorrentPatch? {
        try await patches(["hashes": id.hex]).first { $0.hash == id.hex }
    }

    /// The torrent with that tag; before API 2.8.3 the filter is not known, so every answer is looked through.
    func torrent(tagged tag: String) async throws -> Torrent? {
        let found = try await patches(["tag": tag]).first { patch in
            patch.tags?.split(separator: ",").contains { $0.drop { $0 == " " } == tag } == true
        }
        return found.flatMap { patch in patch.hash.map { Torrent(id: $0, patch) } }
    }

    private func patches(_ query: KeyValuePairs<String, String>) async throws -> [TorrentPatch] {
        try await json([TorrentPatch].self, "torrents/info", query, maxBytes: 512 << 20)
    }
}
