import FoundationEssentials
import PluginAPI

/// What the engine tells.
extension TorrentEngine {
    func handle(_ event: SessionEvent, of number: UInt32) {
        let now = tools.now()
        switch event {
        case .status(let status): take(status, of: number, now)
        case .metadata(let hashes): takeMetadata(hashes, of: number, now)
        case .checked, .complete: session?.postUpdates()
        case .moved: finishMove(of: number, failure: nil, now)
        case .moveFailed(let failure, let path):
            finishMove(of: number, failure: "It is complete, but cannot be moved. \(failure.words(about: path))", now)
        case .resumeData(let params): write(params, of: number)
        case .nothingToSave: finishSaving(number)
        case .deleted: deletions.removeValue(forKey: number)?.resume(returning: nil)
        case .deleteFailed(let failure): deletions.removeValue(forKey: number)?.resume(returning: failure)
        case .trackerFailed(let url, let failure):
            table.change(number, now: now) { $0.trackerFailures[Self.host(of: url)] = Self.words(failure.message) }
        case .trackerAnswered(let url):
            table.change(number, now: now) { $0.trackerFailures[Self.host(of: url)] = nil }
        case .failed(let failure, let path): fail(number, failure, path, now)
        case .savedRejected: lookForFiles(of: number, now)
        case .conflict(let other): reportConflict(number, other, now)
        case .listening: listenFailure = nil
        case .listenFailed(let failure, let interface): reportListening(failure, interface)
        }
    }

    private func take(_ status: TorrentStatus, of number: UInt32, _ now: ContinuousClock.Instant) {
        table.change(number, now: now) { record in
            record.update(status, now: now)
            if record.layout == nil, status.hasMetadata { record.layout = session?.layout(of: number) }
        }
        if status.needsSave { unsaved.insert(number) }
        guard let record = table[number] else { return }
        if status.isFinished, !record.isMoving, record.failure == nil, status.savePath != record.notes.savePath {
            beginMove(of: number)
        } else if record.isComplete, record.notes.completed == nil {
            table.change(number, now: now) { $0.notes.completed = host.now }
            saveSoon(number)
        }
    }

    private func takeMetadata(_ hashes: InfoHashes, of number: UInt32, _ now: ContinuousClock.Instant) {
        let layout = session?.layout(of: number)
        table.change(number, now: now) { record in
            record.notes.hashes = hashes
            record.layout = layout
        }
        // At once: without the list of files nothing of what comes now could be used after a crash.
        saveSoon(number)
        session?.postUpdates()
    }

    private func fail(_ number: UInt32, _ failure: EngineFailure, _ path: String, _ now: ContinuousClock.Instant) {
        guard let record = table[number] else { return }
        if failure.isMissingFile, record.notes.completed != nil {
            return lookForFiles(of: number, now)
        }
        table.change(number, now: now) { $0.failure = failure.words(about: path) }
    }

    /// Stops a torrent that was complete and whose files are gone: the engine would download them again.
    private func lookForFiles(of number: UInt32, _ now: ContinuousClock.Instant) {
        guard let record = table[number], record.notes.completed != nil, let layout = record.layout else { return }
        let levels = session?.levels(of: number, count: layout.slots)
        let isMissing = layout.files.contains { file in
            file.size > 0 && levels?[file.index] != 0
                && !FileManager.default.fileExists(atPath: "\(record.place)/\(file.path)")
        }
        guard isMissing else { return }
        session?.set(TransferMode(isPaused: true, waitsItsTurn: false), of: number)
        table.change(number, now: now) { $0.isMissingFiles = true }
    }

    private func reportConflict(_ number: UInt32, _ other: UInt32, _ now: ContinuousClock.Instant) {
        for (one, its) in [(number, other), (other, number)] {
            guard let name = table[its]?.id else { continue }
            table.change(one, now: now) { record in
                record.failure = "This is the same torrent as \(name), added by its other hash. Remove one of the two."
            }
        }
    }

    private func reportListening(_ failure: EngineFailure, _ interface: String) {
        listenFailure = "\(interface): \(failure.message)"
        host.log(
            .warning,
            "The torrent client cannot listen on \(interface), port \(settings.listenPort): \(failure.message).",
            fields: [:]
        )
    }

    /// A tracker's address without what may be a passkey.
    private static func host(of url: String) -> String {
        URL(string: url)?.host() ?? "of this torrent"
    }

    /// Words of a tracker, which may be anything, as one short line without an address that could hold a passkey.
    private static func words(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).filter { !$0.contains("://") }.joined(separator: " ")
        let line = String(words.prefix(200))
        return line.hasSuffix(".") ? String(line.dropLast()) : line
    }
}
