import PluginAPI

extension Web {
    private struct Update: Decodable {
        var connected: Bool?
        var torrents: [String: Torrent]?
    }

    /// Bytes for an answer with every torrent; about 700 each.
    private static let largestList = 256 << 20

    /// Every torrent by its id.
    ///
    /// deluge-web keeps what it has asked the daemon for, so a poll costs the daemon only what has changed.
    func torrents() async throws -> [String: Torrent] {
        for attempt in 1...2 {
            let update = try await call(
                "web.update_ui",
                [Torrent.keys, .object([:])],
                as: Update.self,
                maxBytes: Self.largestList
            )
            if update.connected != false, let torrents = update.torrents { return torrents }
            if attempt == 1 { try await connect() }
        }
        throw PluginError(
            .unreachable,
            "\(endpoint.name) has lost its daemon. Start deluged.",
            field: "host",
            retryAfter: 10
        )
    }

    /// The torrent of that id; `nil` when Deluge does not have it.
    func find(_ id: TorrentID) async throws -> Torrent? {
        let fields = try await status(id, Torrent.keys, as: Listed<Torrent>.self)
        return fields.value
    }

    /// As `find`, but it has to be there.
    ///
    /// - Throws: `PluginError` with `.notFound`.
    func torrent(_ id: TorrentID) async throws -> Torrent {
        guard let found = try await find(id) else { throw Self.missing(id) }
        return found
    }

    /// Fields of one's own of a torrent, all of them absent when Deluge does not have it.
    func status<Fields: Decodable & Sendable>(
        _ id: TorrentID,
        _ keys: JSONValue,
        as type: Fields.Type
    ) async throws -> Fields {
        // The key makes sure that a torrent that is there never answers with nothing.
        let asked = JSONValue.array(["hash"] + (keys.array ?? []))
        return try await call("core.get_torrent_status", [id.value, asked], as: type)
    }

    static func missing(_ id: TorrentID) -> PluginError {
        PluginError(.notFound, "Deluge does not have the torrent \(id.hex) any more.", field: "id")
    }

    /// Labels, or nothing where the Label plugin is off.
    func labels() async throws -> [String] {
        do {
            return try await call("label.get_labels", as: [String].self)
        } catch let error as PluginError where error.code == .unsupported {
            return []
        }
    }
}

/// Fields of a torrent, or nothing: an unknown one is answered with an empty object.
struct Listed<Fields: Decodable & Sendable>: Decodable, Sendable {
    let value: Fields?

    private enum CodingKeys: String, CodingKey { case hash }

    init(from decoder: any Decoder) throws {
        let isThere = try decoder.container(keyedBy: CodingKeys.self).contains(.hash)
        value = isThere ? try Fields(from: decoder) : nil
    }
}
