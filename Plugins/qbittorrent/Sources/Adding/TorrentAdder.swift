import FoundationEssentials
import PluginAPI

/// Adds torrents, and makes sure that each one really is in the list afterwards.
struct TorrentAdder: Sendable {
    /// The list lags up to 1.5 s behind a command.
    private static let listing = (tries: 20, pause: Duration.milliseconds(250))

    let api: WebAPI
    let settings: QBittorrentSettings
    let tools: PluginTools

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        if let key = request.options?.keys.min() {
            throw PluginError(.invalid, "qBittorrent has no option “\(key)”; there are none.", field: "options.\(key)")
        }
        let source: TorrentSource
        do {
            source = try await TorrentSource(request, file: file, client: "qBittorrent", host: api.server.host)
        } catch let reason as PluginError where request.source == .url && reason.code.value != .invalid {
            return try await addUnseen(request, because: reason)
        }
        return try await add(request, source.hashes) { body in
            switch source {
            case .magnet(let magnet): body.add("urls", magnet.named(request.name))
            case .file(let file, _):
                body.add("torrents", file: file, fileName: "kinodock.torrent", type: "application/x-bittorrent")
            }
        }
    }

    private func add(
        _ request: AddDownload,
        _ hashes: InfoHashes,
        content: (inout MultipartBody) -> Void
    ) async throws -> AddedDownload {
        let found = try await PluginError.beforeAdding { try await find(hashes, everywhere: false) }
        if let found { return existing(found.torrent) }
        let response = try await send(request, content: content)
        switch try Acceptance(response, server: api.server) {
        case .accepted(let ids):
            let found = try await afterAcceptance { try await listed(hashes, ids) }
            await limitSeeding(of: found, request)
            return AddedDownload(id: found.torrent.id, infoHash: hashes.preferred)
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

    /// Looks for what qBittorrent has taken.
    ///
    /// - Throws: `PluginError` with `.interrupted`: whatever goes wrong now, the torrent is there or may come.
    func afterAcceptance<Found>(_ look: () async throws -> Found) async throws -> Found {
        do {
            return try await look()
        } catch var error as PluginError {
            error.code = .known(.interrupted)
            throw error
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
        let limits = limits(of: request)
        if let ratio = limits.ratio { body.add("ratioLimit", "\(ratio)") }
        if let minutes = limits.minutes { body.add("seedingTimeLimit", "\(minutes)") }
        if settings.sequential { body.add("sequentialDownload", "true") }
        return try await api.answer(to: "torrents/add", body)
    }

    private func limits(of request: AddDownload) -> (ratio: Double?, minutes: Int?) {
        (request.seedRatioLimit ?? settings.seedRatioLimit, request.seedTimeLimit ?? settings.seedTimeLimit)
    }

    /// Sets the limits of seeding where adding did not: `torrents/add` takes them since API 2.8.1.
    ///
    /// A failure is only logged, for the download itself goes on.
    func limitSeeding(of listed: ListedTorrent, _ request: AddDownload) async {
        let limits = limits(of: request)
        let hasRatio = limits.ratio == nil || limits.ratio == listed.patch.maxRatio
        let hasTime = limits.minutes == nil || limits.minutes == listed.patch.maxSeedingTime
        guard !hasRatio || !hasTime else { return }
        // -2 leaves it to the global setting.
        let fields: KeyValuePairs = [
            "hashes": listed.listedID.hex, "ratioLimit": "\(limits.ratio ?? -2)",
            "seedingTimeLimit": "\(limits.minutes ?? -2)", "inactiveSeedingTimeLimit": "-2",
        ]
        do {
            try await api.post("torrents/setShareLimits", fields)
        } catch {
            api.server.host.log(.warning, "The limits of seeding were not set: \(error)", fields: [:])
        }
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

    private func listed(_ hashes: InfoHashes, _ ids: [String]) async throws -> ListedTorrent {
        for attempt in 1...Self.listing.tries {
            if attempt > 1 { try await tools.sleep(Self.listing.pause) }
            // The whole list is long, and needed only where the metadata of a hybrid torrent was there at once.
            if let found = try await find(hashes, ids, everywhere: attempt % 5 == 0) { return found }
        }
        throw PluginError(
            .remoteFailure,
            "\(api.server.name) accepted the torrent but does not list it. Its log may say why; a full disk is common."
        )
    }
}
