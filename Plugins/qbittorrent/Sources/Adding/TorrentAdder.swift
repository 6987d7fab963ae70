import FoundationEssentials
import PluginAPI

/// Adds torrents, and makes sure that each one really is in the list afterwards.
struct TorrentAdder: Sendable {
    /// What the adder waits with and draws names from.
    struct Tools: Sendable {
        var sleep: @Sendable (Duration) async throws -> Void
        /// A random text of lower-case hexadecimal digits.
        var token: @Sendable () -> String

        static let system = Tools(
            sleep: { try await Task.sleep(for: $0) },
            token: {
                var random = SystemRandomNumberGenerator()
                return String(random.next(), radix: 16) + String(random.next(), radix: 16)
            }
        )
    }

    /// The list lags up to 1.5 s behind a command.
    private static let listing = (tries: 20, pause: Duration.milliseconds(250))
    /// qBittorrent fetches an address on its own, and says nothing when that fails.
    private static let fetching = (tries: 40, pause: Duration.milliseconds(500))

    let api: WebAPI
    let settings: QBittorrentSettings
    let tools: Tools

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        switch request.source.value {
        case .magnet: return try await addMagnet(request)
        case .url where request.link.lowercased().hasPrefix("magnet:"): return try await addMagnet(request)
        case .url: return try await addAddress(request)
        case .torrent:
            guard let file else { throw PluginError(.invalid, "The .torrent file is missing.", field: "file") }
            let hashes = try TorrentFile(file).hashes
            return try await add(request, hashes) { body in
                body.add("torrents", file: file, fileName: "kinodock.torrent", type: "application/x-bittorrent")
            }
        default:
            throw PluginError(.unsupported, "qBittorrent takes torrents, not \(request.source.text).", field: "source")
        }
    }

    private func addMagnet(_ request: AddDownload) async throws -> AddedDownload {
        let magnet = try MagnetLink(request.link)
        return try await add(request, magnet.hashes) { $0.add("urls", magnet.named(request.name)) }
    }

    private func add(
        _ request: AddDownload,
        _ hashes: InfoHashes,
        content: (inout MultipartBody) -> Void
    ) async throws -> AddedDownload {
        if let found = try await find(hashes) { return existing(found) }
        let response = try await send(request, content: content)
        switch try Acceptance(response, server: api.server) {
        case .accepted(let ids):
            return AddedDownload(id: try await listed(hashes, ids), infoHash: hashes.preferred)
        case .refused:
            // Perhaps somebody else was faster; the refusal is the same for a torrent that is there.
            if let found = try await find(hashes) { return existing(found) }
            throw PluginError(
                .invalid,
                """
                \(api.server.name) refuses this torrent without a reason: it cannot read it, or its version does not \
                know this kind (v2 needs qBittorrent 4.4).
                """,
                field: "link"
            )
        }
    }

    private func addAddress(_ request: AddDownload) async throws -> AddedDownload {
        let link = request.link
        guard link.hasPrefix("http://") || link.hasPrefix("https://"), !link.contains(where: \.isNewline) else {
            throw PluginError(
                .invalid,
                "The address of a .torrent file begins with http:// or https://.",
                field: "link"
            )
        }
        let tag = "kinodock-" + tools.token()
        let response = try await send(request) { body in
            body.add("urls", link)
            body.add("tags", tag)
        }
        guard case .accepted = try Acceptance(response, server: api.server) else {
            throw PluginError(.invalid, "\(api.server.name) refuses this address.", field: "link")
        }
        return try await tagged(tag)
    }

    private func existing(_ torrent: Torrent) -> AddedDownload {
        AddedDownload(id: torrent.id, existed: true, infoHash: torrent.infoHash ?? torrent.id)
    }

    // MARK: The request

    private func send(_ request: AddDownload, content: (inout MultipartBody) -> Void) async throws -> ServiceResponse {
        let category = request.category ?? settings.category
        try await ensure(category)
        var body = MultipartBody(token: tools.token())
        content(&body)
        if !category.isEmpty { body.add("category", category) }
        if let path = request.savePath ?? (settings.savePath.isEmpty ? nil : settings.savePath) {
            body.add("savepath", path)
            // Automatic management would put the category's path in place of this one.
            body.add("autoTMM", "false")
        }
        let isPaused = "\(request.paused ?? settings.addPaused)"
        // The name of 4.x, and the one of 5.x.
        body.add("paused", isPaused)
        body.add("stopped", isPaused)
        if let ratio = request.seedRatioLimit ?? settings.seedRatioLimit { body.add("ratioLimit", "\(ratio)") }
        if let minutes = request.seedTimeLimit ?? settings.seedTimeLimit { body.add("seedingTimeLimit", "\(minutes)") }
        if settings.sequential { body.add("sequentialDownload", "true") }
        return try await api.answer(to: "torrents/add", body)
    }

    /// Creates the category; 409 says that it is there.
    private func ensure(_ category: String) async throws {
        guard !category.isEmpty else { return }
        let response = try await api.answer(to: "torrents/createCategory", ["category": category, "savePath": ""])
        switch response.status {
        case 200..<300, 409: return
        case 400:
            throw PluginError(
                .invalid,
                "qBittorrent does not take “\(category)” as the name of a category.",
                field: "category"
            )
        default: throw api.server.failure(response, doing: "create the category “\(category)”")
        }
    }

    // MARK: Finding it again

    private func find(_ hashes: InfoHashes) async throws -> Torrent? {
        try await api.torrents(hashes.candidates).first
    }

    private func listed(_ hashes: InfoHashes, _ ids: [String]) async throws -> String {
        let candidates = Array(Set(hashes.candidates + ids))
        for attempt in 0..<Self.listing.tries {
            if attempt > 0 { try await tools.sleep(Self.listing.pause) }
            if let found = try await api.torrents(candidates).first { return found.id }
        }
        throw PluginError(
            .remoteFailure,
            "\(api.server.name) accepted the torrent but does not list it. Its log may say why; a full disk is common."
        )
    }

    /// Waits for the torrent that carries `tag`, and takes the tag away again.
    private func tagged(_ tag: String) async throws -> AddedDownload {
        for attempt in 0..<Self.fetching.tries {
            if attempt > 0 { try await tools.sleep(Self.fetching.pause) }
            guard let found = try await api.torrent(tagged: tag) else { continue }
            _ = try? await api.answer(to: "torrents/removeTags", ["hashes": found.id, "tags": tag])
            _ = try? await api.answer(to: "torrents/deleteTags", ["tags": tag])
            return AddedDownload(id: found.id, infoHash: found.infoHash ?? found.id)
        }
        _ = try? await api.answer(to: "torrents/deleteTags", ["tags": tag])
        throw PluginError(
            .remoteFailure,
            """
            qBittorrent took the address, but no torrent came of it: the address may not be reachable from there or \
            ask for a login, or the torrent is in the list already.
            """,
            field: "link"
        )
    }
}
