import PluginAPI

extension TorrentRecord {
    /// The torrent in the words of the host.
    func makeItem() -> DownloadItem {
        let state = state
        var item = DownloadItem(id: id, name: name, state: state)
        item.stage = state == .postProcessing ? .known(.moving) : nil
        item.category = notes.category
        item.savePath = notes.savePath
        item.infoHash = notes.hashes.preferred ?? id
        item.contentPath = layout?.root.map { "\(place)/\($0)" }
        item.isComplete = isComplete
        item.message = message
        item.canMoveFiles = isComplete && state == .completed
        item.canBeRemoved = isComplete && notes.reachedGoal
        if let status { fill(&item, status) }
        return item
    }

    private func fill(_ item: inout DownloadItem, _ status: TorrentStatus) {
        item.size = status.hasMetadata ? status.wanted : 0
        item.remaining = status.hasMetadata ? max(status.wanted - status.wantedDone, 0) : 0
        item.downloadSpeed = status.downloadRate
        item.uploadSpeed = status.uploadRate
        item.eta = item.remaining > 0 && status.downloadRate > 0 ? Int(item.remaining / status.downloadRate) : nil
        item.seeders = max(status.swarmSeeds ?? 0, status.seeds)
        item.leechers = max(status.swarmLeechers ?? 0, status.peers - status.seeds)
        item.peers = status.peers
        item.availability = status.phase == .downloading ? status.copies : nil
        item.ratio = status.ratio
    }

    private var name: String {
        if let name = status?.name, !name.isEmpty { return name }
        return notes.name ?? id
    }

    private var state: DownloadItem.State {
        if isMissingFiles { return .missingFiles }
        if failure != nil || status?.error != nil { return .failed }
        guard let status else { return notes.isPaused ? .paused : .checking }
        if isMoving || status.isMoving { return .postProcessing }
        if status.isFinished { return finishedState(status) }
        if status.isPaused { return status.isQueued ? .queued : .paused }
        return switch status.phase {
        case .checking: .checking
        case .fetchingMetadata: .fetchingMetadata
        case .downloading, .finished: isStalled ? .stalled : .downloading
        }
    }

    private func finishedState(_ status: TorrentStatus) -> DownloadItem.State {
        // It will be moved at once.
        guard status.savePath == notes.savePath else { return .postProcessing }
        if status.isPaused { return status.isQueued ? .queued : .completed }
        return .seeding
    }

    private var message: String? {
        if isMissingFiles {
            return "Files in \(place) are gone. Put them back or mount their disk, then retry; or download again."
        }
        if let failure { return failure }
        if let error = status?.error { return error.words(about: place) }
        guard let status, !status.isPaused else { return nil }
        if status.downloadRate > 0 || status.peers > 0 && status.phase == .finished { return nil }
        if let tracker = trackerMessage { return tracker }
        switch status.phase {
        case .fetchingMetadata where status.peers == 0:
            return "Looking for somebody who has the list of files of this magnet."
        case .downloading where isStalled: return stallMessage(status)
        default: return nil
        }
    }

    private var trackerMessage: String? {
        trackerFailures.min { $0.key < $1.key }.map { "The tracker \($0.key) says: \($0.value)." }
    }

    private func stallMessage(_ status: TorrentStatus) -> String {
        guard status.peers > 0 else { return "Nobody who has this torrent can be reached at the moment." }
        guard let copies = status.copies, copies < 1 else { return "No source sends anything at the moment." }
        return "Nobody connected has the rest: \(Int(copies * 100)) % of the content can be reached."
    }
}
