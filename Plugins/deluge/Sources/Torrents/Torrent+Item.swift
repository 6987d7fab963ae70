import PluginAPI

extension Torrent {
    /// The torrent in the words of the host.
    func item(id: String) -> DownloadItem {
        var item = DownloadItem(id: id, name: name, state: itemState)
        let isKnown = totalSize > 0
        item.size = isKnown ? max(wanted, 0) : 0
        item.remaining = isKnown ? max(remaining, 0) : 0
        item.isComplete = isComplete
        item.downloadSpeed = downloadSpeed
        item.uploadSpeed = uploadSpeed
        item.eta = remaining > 0 && eta > 0 ? eta : nil
        // The tracker's count is -1 while unknown, and can be behind what is connected.
        item.seeders = max(swarmSeeds, connectedSeeds)
        item.leechers = max(swarmPeers, connectedPeers)
        item.peers = connectedSeeds + connectedPeers
        item.availability = isKnown && state == .downloading ? max(copies, 0) : nil
        item.ratio = ratio >= 0 ? ratio : nil
        item.category = label.isEmpty ? nil : label
        item.savePath = folder.isEmpty ? nil : folder
        item.contentPath = isKnown && !folder.isEmpty ? path(of: name) : nil
        item.infoHash = id
        item.canMoveFiles = isComplete && state == .paused
        // Ratios are rounded on the way.
        item.canBeRemoved = item.canMoveFiles && stopsAtRatio && ratio >= stopRatio - 0.001
        item.message = itemMessage
        if itemState == .postProcessing { item.stage = .known(.moving) }
        return item
    }

    /// A path below the torrent's present folder.
    func path(of name: String) -> String {
        folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    private var itemState: DownloadItem.State {
        switch state.value {
        case .allocating, .checking: .checking
        case .downloading where totalSize == 0: .fetchingMetadata
        case .downloading: downloadSpeed > 0 ? .downloading : .stalled
        case .seeding: isComplete ? .seeding : .postProcessing
        case .paused: isComplete ? .completed : .paused
        case .error: .failed
        case .queued: isComplete ? .seeding : .queued
        case .moving: .postProcessing
        case nil: downloadSpeed > 0 ? .downloading : .stalled
        }
    }

    private var itemMessage: String? {
        if state == .error { return "Deluge stopped it: \(message)" }
        if state.value == nil { return "Deluge reports the state “\(state.text)”, which this plugin does not know." }
        guard state == .downloading else { return nil }
        if trackerStatus.hasPrefix("Error") {
            return "A tracker says: \(trackerStatus.dropFirst("Error: ".count))"
        }
        if totalSize == 0 {
            return connectedSeeds + connectedPeers == 0
                ? "Looking for somebody who has the list of files of this magnet." : nil
        }
        guard downloadSpeed == 0 else { return nil }
        guard copies < 1 else { return "No source sends anything at the moment." }
        return "Nobody connected has the rest: \(Int(max(copies, 0) * 100)) % of the content can be reached."
    }
}
