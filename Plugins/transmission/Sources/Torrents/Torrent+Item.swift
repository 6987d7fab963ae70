import PluginAPI

extension Torrent {
    /// The torrent in the words of the host.
    ///
    /// - Parameter category: the label to prefer where a torrent has several.
    func item(preferring category: String) -> DownloadItem {
        var item = DownloadItem(id: hash, name: name, state: state)
        let isKnown = metadata >= 1
        item.size = isKnown ? max(wanted, 0) : 0
        item.remaining = isKnown ? max(left, 0) : 0
        item.isComplete = isComplete
        item.downloadSpeed = downloadSpeed
        item.uploadSpeed = uploadSpeed
        item.eta = left > 0 && eta >= 0 ? eta : nil
        item.peers = peers
        item.availability = availability
        item.ratio = ratio >= 0 ? ratio : nil
        item.category = labels.contains(category) ? category : labels.first
        item.savePath = folder.isEmpty ? nil : folder
        item.contentPath = isComplete ? path(of: name) : nil
        item.infoHash = hash
        item.canMoveFiles = isComplete && activity == .stopped
        item.canBeRemoved = item.canMoveFiles && isFinished
        item.message = message
        addSwarm(to: &item)
        return item
    }

    /// A path below the torrent's final folder.
    func path(of name: String) -> String {
        folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// What is said by the tracker that knows most; they count the same peers.
    private func addSwarm(to item: inout DownloadItem) {
        guard let trackers else { return }
        item.seeders = trackers.compactMap(\.seeders).filter { $0 >= 0 }.max()
        item.leechers = trackers.compactMap(\.leechers).filter { $0 >= 0 }.max()
    }

    private var availability: Double? {
        guard activity == .downloading, metadata >= 1, wanted > 0, left > 0, let reachable else { return nil }
        return Double(wanted - left + min(max(reachable, 0), left)) / Double(wanted)
    }

    private var state: DownloadItem.State {
        if fault == .local { return lostFiles ? .missingFiles : .failed }
        switch activity {
        case .stopped: return isComplete ? .completed : .paused
        case .waitingForCheck, .checking: return .checking
        case .waitingForDownload: return .queued
        case .waitingForSeeding, .seeding: return .seeding
        case .downloading where metadata < 1: return .fetchingMetadata
        case .downloading, nil: return downloadSpeed > 0 || sendingPeers > 0 ? .downloading : .stalled
        }
    }

    /// Transmission's words for files that were there once.
    private var lostFiles: Bool { errorText.hasPrefix("No data found") }

    private var message: String? {
        switch fault {
        case .local where lostFiles:
            "Transmission does not find the files. Put them back or mount their disk, then retry; or download again."
        case .local: "Transmission stopped it: \(errorText)"
        case .trackerError, .trackerWarning: activity == .stopped ? nil : "A tracker says: \(errorText)"
        case .none: waitingMessage
        }
    }

    private var waitingMessage: String? {
        guard activity == .downloading, !isComplete else { return nil }
        if metadata < 1 {
            return peers == 0 ? "Looking for somebody who has the list of files of this magnet." : nil
        }
        guard downloadSpeed == 0, sendingPeers == 0 else { return nil }
        guard let availability, availability < 1 else { return "No source sends anything at the moment." }
        return "Nobody connected has the rest: \(Int(availability * 100)) % of the content can be reached."
    }
}
