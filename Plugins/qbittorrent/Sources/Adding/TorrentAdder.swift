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

    let api: WebAPI
    let settings: QBittorrentSettings
    let tools: Tools

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        switch request.source.value {
        case .magnet: return try await addMagnet(request.link, request)
        case .url where request.link.lowercased().hasPrefix("magnet:"):
            return try await addMagnet(request.link, request)
        case .url: return try await addAddress(request)
        case .torrent:
            guard let file else { throw PluginError(.invalid, "The .torrent file is missing.", field: "file") }
            return try await addFile(file, request)
        default:
            throw PluginError(.unsupported, "qBittorrent takes torrents, not \(request.source.text).", field: "source")
        }
    }

    func addFile(_ file: Data, _ request: AddDownload) async throws -> AddedDownload {
        let hashes = try TorrentFile(file).hashes
        return try await add(request, hashes) { body in
            body.add("torrents", file: file, fileName: "kinodock.torrent", type: "application/x-bittorrent")
        }
    }

    func addMagnet(_ link: String, _ request: AddDownload) async throws -> AddedDownload {
        let magnet = try MagnetLink(link)
        return try await add(request, magnet.hashes) { $0.add("urls", magnet.named(request.name)) }
    }

    private func add(
        _ request: AddDownload,
        _ hashes: InfoHashes,
        content: (inout MultipartBody) -> Void
    ) async throws -> AddedDownload {
        if let found = try await find(hashes, everywhere: false) { return existing(found.torrent) }
        let response = try await send(request, content: content)
        switch try Acceptance(response, server: api.server) {
        case .accepted(let ids):
            return AddedDownload(id: try await listed(hashes, ids), infoHash: hashes.preferred)
        case .refused:
            // Perhaps somebody else was faster; the refusal is the same for a torrent that is there.
            if let found = try await find(hashes, everywhere: true) { return existing(found.torrent) }
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

    private func existing(_ torrent: Torrent) -> AddedDownload {
        AddedDownload(id: torrent.id, existed: true, infoHash: torrent.infoHash ?? torrent.id)
    }

    // MARK: The request

    func send(_ request: AddDownload, content: (inout MultipartBody) -> Void) async throws -> ServiceResponse {
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

    /// - Parameter everywhere: whether to look also for a hybrid torrent that is listed under a hash that `hashes` do not
    ///   name.
    private func find(_ hashes: InfoHashes, _ ids: [String] = [], everywhere: Bool) async throws -> ListedTorrent? {
        let usual = hashes.candidates
        if let found = try await api.torrent(listedAs: usual + ids.filter { !usual.contains($0) }) { return found }
        guard everywhere, let hash = hashes.v1 else { return nil }
        return try await api.torrent(hashedAs: hash)
    }

    private func listed(_ hashes: InfoHashes, _ ids: [String]) async throws -> String {
        for attempt in 1...Self.listing.tries {
            if attempt > 1 { try await tools.sleep(Self.listing.pause) }
            // The whole list is long, and needed only where the metadata of a hybrid torrent was there at once.
            if let found = try await find(hashes, ids, everywhere: attempt % 5 == 0) { return found.torrent.id }
        }
        throw PluginError(
            .remoteFailure,
            "\(api.server.name) accepted the torrent but does not list it. Its log may say why; a full disk is common."
        )
    }
}
