import FoundationEssentials
import PluginAPI

/// What can be done with torrents.
extension TorrentEngine {
    func changes(since cursor: String?) async throws -> DownloadChanges {
        try await load()
        return table.changes(since: cursor)
    }

    func item(_ id: String) async throws -> DownloadItem? {
        try await load()
        return table[id]?.item
    }

    /// Removes a torrent; when this returns with `deletingData`, its files are gone.
    ///
    /// - Throws: `PluginError` when files cannot be deleted; the torrent is out of the list all the same.
    func remove(_ id: String, deletingData: Bool) async throws {
        try await load()
        guard let record = table[id] else { return }
        let key = String(record.id.prefix(40))
        let task = removals[key] ?? Task { try await self.takeOut(record, deletingData) }
        removals[key] = task
        defer { removals[key] = nil }
        try await task.value
    }

    private func takeOut(_ record: TorrentRecord, _ deletesData: Bool) async throws {
        let number = record.number
        if deletesData {
            // After a crash in the middle the rest is deleted, and nothing is downloaded again.
            table.change(number, now: tools.now()) { $0.notes.isRemoving = true }
            await save(number)
        }
        unsaved.remove(number)
        await writes[number]?.value
        var failure: EngineFailure?
        if session?.remove(number, deletingData: deletesData) == true {
            failure = await withCheckedContinuation { deletions[number] = $0 }
        }
        table.remove(number)
        (writes[number], lastSaves[number]) = (nil, nil)
        finishSaving(number)
        await folder?.remove(record.id)
        drain()
        // A magnet without files has nothing to delete, which the engine reports as a failure without an error.
        if let failure, failure.code != 0, !failure.isMissingFile {
            throw PluginError(
                .remoteFailure,
                "The torrent is removed, but not all of its files. \(failure.words(about: record.place))"
            )
        }
    }

    func pause(_ id: String) async throws {
        let record = try await find(id)
        await set(record.number) { $0.isPaused = true }
    }

    func resume(_ id: String) async throws {
        let record = try await find(id)
        if record.failure != nil || record.isMissingFiles || record.status?.error != nil {
            return try await retry(id)
        }
        await set(record.number) { notes in
            notes.isPaused = false
            // Somebody who resumes what has stopped at its goal wants to share on.
            guard notes.reachedGoal else { return }
            (notes.hasOwnLimits, notes.seedRatioLimit, notes.seedTimeLimit) = (true, nil, nil)
            notes.reachedGoal = false
        }
    }

    /// Goes on after a failure: with what is on disk, which is hashed when files were missing.
    func retry(_ id: String) async throws {
        let record = try await find(id)
        let number = record.number
        session?.clearError(of: number)
        if record.isMissingFiles { session?.recheck(number) }
        table.change(number, now: tools.now()) { record in
            record.failure = nil
            if record.isMissingFiles { record.notes.completed = nil }
            record.isMissingFiles = false
            record.lastProgress = tools.now()
        }
        await set(number) { $0.isPaused = false }
        session?.announce(number)
    }

    func setPaused(_ isPaused: Bool) async throws {
        try await load()
        for record in Array(table.all) where !record.notes.reachedGoal && record.notes.isPaused != isPaused {
            await set(record.number) { $0.isPaused = isPaused }
        }
    }

    /// Moves a torrent among those that wait.
    func place(_ number: UInt32, _ priority: DownloadPriority?) {
        switch priority {
        case .low: session?.moveToBack(number)
        case .high, .force: session?.moveToFront(number)
        case .normal, nil: break
        }
    }

    /// Stops torrents that were shared enough.
    func endSeeding() {
        for record in Array(table.all) where record.hasReachedGoal(settings) {
            Task { await self.set(record.number) { $0.reachedGoal = true } }
        }
    }

    /// Changes the notes of a torrent, has the engine follow, and writes them down.
    func set(_ number: UInt32, _ body: (inout TorrentNotes) -> Void) async {
        let now = tools.now()
        table.change(number, now: now) { record in
            body(&record.notes)
            record.lastProgress = now
        }
        guard let notes = table[number]?.notes else { return }
        let mode = notes.mode(exchangesPeers: settings.peerExchange)
        if !mode.isPaused { connect() }
        session?.set(mode, of: number)
        session?.postUpdates()
        await save(number)
        beat()
    }

    /// - Throws: `PluginError` with `.notFound`.
    func find(_ id: String) async throws -> TorrentRecord {
        try await load()
        guard let record = table[id] else {
            throw PluginError(.notFound, "There is no torrent \(id). It was removed, or never added.", field: "id")
        }
        return record
    }
}

extension TorrentRecord {
    /// Whether it is complete and offered to others.
    var isSharing: Bool { isComplete && status?.isPaused == false }

    /// Whether it has been shared as much as was wanted.
    fileprivate func hasReachedGoal(_ settings: LibTorrentSettings) -> Bool {
        guard isSharing, !notes.reachedGoal, let status else { return false }
        let limits = notes.sharing(settings)
        if let limit = limits.ratio, status.ratio >= limit { return true }
        if let limit = limits.minutes, status.seedingSeconds >= Int64(limit) * 60 { return true }
        return false
    }
}
