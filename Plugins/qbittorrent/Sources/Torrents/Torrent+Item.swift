import PluginAPI

extension Torrent {
    /// The torrent in the words of the host.
    var item: DownloadItem {
        var item = DownloadItem(id: id, name: name, state: itemState)
        item.size = max(size, 0)
        item.remaining = max(amountLeft, 0)
        item.isComplete = isComplete
        item.downloadSpeed = downloadSpeed
        item.uploadSpeed = uploadSpeed
        item.eta = amountLeft > 0 && eta >= 0 && eta < Self.noETA ? eta : nil
        // The tracker's count is -1 while unknown, and can be behind what is connected.
        item.seeders = max(swarmSeeds, connectedSeeds)
        item.leechers = max(swarmLeeches, connectedLeeches)
        item.peers = connectedSeeds + connectedLeeches
        item.availability = availability >= 0 ? availability : nil
        item.ratio = ratio >= 0 ? ratio : nil
        item.category = category.isEmpty ? nil : category
        item.savePath = savePath.isEmpty ? nil : savePath
        item.contentPath = itemContentPath
        item.infoHash = infoHash ?? id
        let isStopped = isComplete && state.value?.isStoppedAfterCompletion == true
        item.canMoveFiles = isStopped
        item.canBeRemoved = isStopped && hasReachedSeedingGoal
        item.message = message
        return item
    }

    private var itemContentPath: String? {
        switch contentPath {
        case .some(let path): path.isEmpty ? nil : path
        // Versions before 4.3.2: the name is the folder's or the file's unless the user has renamed the torrent.
        case nil:
            isComplete && !savePath.isEmpty ? "\(savePath.hasSuffix("/") ? savePath : savePath + "/")\(name)" : nil
        }
    }

    private var itemState: DownloadItem.State {
        switch state.value {
        case .error: .failed
        case .missingFiles: .missingFiles
        case .uploading, .stalledUP, .queuedUP, .forcedUP: .seeding
        case .pausedUP, .stoppedUP: isComplete ? .completed : .paused
        case .checkingUP, .checkingDL, .checkingResumeData, .queuedForChecking, .allocating: .checking
        case .downloading, .forcedDL: .downloading
        case .metaDL, .forcedMetaDL: .fetchingMetadata
        case .pausedDL, .stoppedDL: .paused
        case .queuedDL: .queued
        case .stalledDL: .stalled
        case .moving: .postProcessing
        case .unknown, nil: downloadSpeed > 0 ? .downloading : .stalled
        }
    }

    private var message: String? {
        switch state.value {
        case .error:
            "qBittorrent stopped it with an error; its log names the cause, often a full disk or a missing permission."
        case .missingFiles:
            "qBittorrent does not find the files. Put them back or mount their disk, then retry; or download again."
        case .stalledDL: stallMessage
        case .metaDL, .forcedMetaDL:
            connectedSeeds + connectedLeeches == 0
                ? "Looking for somebody who has the list of files of this magnet." : nil
        case .unknown, nil: "qBittorrent reports the state “\(state.text)”, which this plugin does not know."
        default: nil
        }
    }

    private var stallMessage: String {
        guard availability >= 0, availability < 1 else { return "No source sends anything at the moment." }
        let percent = Int(availability * 100)
        return "Nobody connected has the rest: \(percent) % of the content can be reached."
    }
}
