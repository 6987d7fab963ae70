import FoundationEssentials
import PluginAPI

/// The ways into the engine.
extension TorrentEngine {
    /// Adds a torrent, once: when this returns, it outlasts a crash.
    ///
    /// - Throws: `PluginError` when it is no torrent, or there is no place for it.
    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        let options = try AddOptions(request.options)
        // Nobody but this client has to reach the address, so it may take longer.
        let source = try await TorrentSource(request, file: file, client: "This client", host: host, patience: 30)
        try await load()
        // Ends: each round waits for something that is under way and does not come back.
        while let removal = source.keys.lazy.compactMap({ self.removals[$0] }).first { _ = try? await removal.value }
        if let found = table.record(of: source.hashes) { return existing(found, source) }
        if let underWay = source.keys.lazy.compactMap({ self.adds[$0] }).first {
            var added = try await underWay.value
            added.existed = true
            return added
        }
        // A task of its own: a caller that goes away must not leave half an add behind.
        let task = Task { try await self.place(source, request, options) }
        for key in source.keys { adds[key] = task }
        defer { for key in source.keys { adds[key] = nil } }
        return try await task.value
    }

    /// Trackers that it did not know are welcome.
    private func existing(_ record: TorrentRecord, _ source: TorrentSource) -> AddedDownload {
        if let params = try? source.params() { session?.addTrackers(of: params, to: record.number) }
        return AddedDownload(id: record.id, existed: true, infoHash: record.notes.hashes.preferred)
    }

    private func place(
        _ source: TorrentSource,
        _ request: AddDownload,
        _ options: AddOptions
    ) async throws -> AddedDownload {
        guard let id = source.hashes.preferred, let folder else {
            throw PluginError(.internal, "The torrent has no info hash.")
        }
        let params = try source.params()
        if params.name == nil { params.name = request.name ?? source.name }
        let layout = params.layout
        let places = try DownloadPlaces(request.savePath, settings: settings, folders: folders)
        let savePath = savePath(places.final, id: id, root: layout?.root ?? params.name)
        var notes = TorrentNotes(id: id, hashes: params.hashes, savePath: savePath, added: host.now)
        notes.fill(request, options, settings)
        if notes.name == nil { notes.name = params.name }
        params.savePath = places.incomplete ?? savePath
        try DownloadPlaces.make(params.savePath)
        guard let encodedNotes = try? JSONEncoder().encode(notes), let state = params.encoded(with: encodedNotes) else {
            throw PluginError(.internal, "The torrent cannot be stored.")
        }
        try await folder.write(state, id: id, durably: true)
        do {
            try begin(params, notes, layout)
        } catch {
            await folder.remove(id)
            throw error
        }
        if let number = table[id]?.number { place(number, request.priority?.value) }
        return AddedDownload(id: id, infoHash: id)
    }

    /// Two torrents whose content has one name would write into each other's files.
    private func savePath(_ path: String, id: String, root: String?) -> String {
        let isTaken = table.all.contains { record in
            record.notes.savePath == path && (record.layout?.root ?? record.notes.name) == root && root != nil
        }
        return isTaken ? "\(path)/\(id.prefix(8))" : path
    }

    /// Gives a torrent to the engine.
    private func begin(_ params: TorrentParams, _ notes: TorrentNotes, _ layout: TorrentLayout?) throws {
        let session = try openSession()
        let number = table.nextNumber()
        let mode = notes.mode(exchangesPeers: settings.peerExchange)
        if !mode.isPaused { connect() }
        do {
            try session.add(params, number: number, mode)
        } catch {
            throw PluginError(.invalid, "The torrent engine refuses this torrent: \(error.message).")
        }
        session.limit(number, download: notes.downloadLimit ?? 0, upload: notes.uploadLimit ?? 0)
        let now = tools.now()
        table.insert(TorrentRecord(number: number, notes: notes, layout: layout, now: now), now: now)
        beat()
    }

    /// Goes on with a torrent of an earlier run.
    func restore(_ id: String, _ data: Data, _ session: Session) async {
        do {
            let params = try TorrentParams.saved(data)
            var notes = try JSONDecoder().decode(TorrentNotes.self, from: params.notes)
            notes.hashes = params.hashes
            if notes.isMoving == true, let layout = params.layout {
                let move = InterruptedMove(from: params.savePath, to: notes.savePath, layout: layout)
                if move.resolve() == .arrived {
                    params.savePath = notes.savePath
                    params.forgetPieces()
                }
            }
            notes.isMoving = nil
            if notes.isRemoving == true { notes.isPaused = true }
            try begin(params, notes, params.layout)
            if notes.isRemoving == true { try await remove(notes.id, deletingData: true) }
        } catch {
            let words = (error as? EngineFailure)?.message ?? (error as? PluginError)?.message ?? "it is damaged"
            host.log(
                .error,
                "The state of the torrent \(id) cannot be used: \(words). It was set aside; add the torrent again.",
                fields: [:]
            )
            await folder?.setAside(id)
        }
    }
}

extension TorrentSource {
    /// The hashes in the length in which they are compared.
    fileprivate var keys: [String] { [hashes.v1, hashes.v2].compactMap { $0.map { String($0.prefix(40)) } } }
}

extension TorrentNotes {
    /// Takes over what a request wants; the settings say the rest.
    fileprivate mutating func fill(_ request: AddDownload, _ options: AddOptions, _ settings: LibTorrentSettings) {
        name = request.name
        category = request.category ?? (settings.category.isEmpty ? nil : settings.category)
        isPaused = request.paused ?? settings.addPaused
        isForced = request.priority?.value == .force ? true : nil
        isSequential = options.sequential ?? settings.sequential
        (downloadLimit, uploadLimit) = (options.downloadLimit, options.uploadLimit)
        hasOwnLimits = request.seedRatioLimit != nil || request.seedTimeLimit != nil
        (seedRatioLimit, seedTimeLimit) = (request.seedRatioLimit, request.seedTimeLimit)
    }
}
