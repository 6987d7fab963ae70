import FoundationEssentials
import PluginAPI

/// Adds what an address leads to that only qBittorrent reaches.
extension TorrentAdder {
    /// qBittorrent fetches an address on its own, and says nothing when that fails.
    private static let fetching = (tries: 40, pause: Duration.milliseconds(500))

    /// Leaves the address to qBittorrent, which may reach what this machine does not.
    ///
    /// The torrent is recognised by a tag, for its hash is not known.
    func addUnseen(_ request: AddDownload, because reason: PluginError) async throws -> AddedDownload {
        let tag = "kinodock-" + tools.token()
        let response = try await send(request) { body in
            body.add("urls", request.link)
            body.add("tags", tag)
        }
        guard case .accepted = try Acceptance(response, server: api.server) else {
            throw PluginError(.invalid, "\(api.server.name) refuses this address. \(reason.message)", field: "link")
        }
        for attempt in 1...Self.fetching.tries {
            if attempt > 1 { try await tools.sleep(Self.fetching.pause) }
            guard let found = try await afterAcceptance({ try await api.torrent(tagged: tag) }) else { continue }
            _ = try? await api.answer(to: "torrents/removeTags", ["hashes": found.listedID.hex, "tags": tag])
            await forget(tag)
            await limitSeeding(of: found, request)
            return AddedDownload(id: found.torrent.id, infoHash: found.torrent.infoHash ?? found.torrent.id)
        }
        await forget(tag)
        throw PluginError(
            .remoteFailure,
            "Neither Kinodock nor qBittorrent gets a torrent from this address. \(reason.message)",
            field: "link"
        )
    }

    private func forget(_ tag: String) async {
        _ = try? await api.answer(to: "torrents/deleteTags", ["tags": tag])
    }
}
