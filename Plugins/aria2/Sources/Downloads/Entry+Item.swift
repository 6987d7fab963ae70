import PluginAPI

extension Entry {
    /// The download in the words of the host.
    func item(id: String) -> DownloadItem {
        var item = DownloadItem(id: id, name: name, state: isStrange(id) ? .failed : state)
        let hasContent = !isMetadata && followedBy.isEmpty
        item.size = hasContent ? wanted : 0
        item.remaining = hasContent && !isComplete ? max(wanted - there, 0) : 0
        item.isComplete = isComplete && !isStrange(id)
        item.downloadSpeed = hasContent ? downloadSpeed : 0
        item.uploadSpeed = uploadSpeed
        item.eta = item.remaining > 0 && downloadSpeed > 0 ? Int(item.remaining / downloadSpeed) : nil
        item.seeders = infoHash == nil ? nil : seeders
        item.peers = connections
        item.ratio = infoHash != nil && completed > 0 ? Double(uploaded) / Double(completed) : nil
        item.savePath = folder.isEmpty ? nil : folder
        item.contentPath = hasContent ? contentPath : nil
        item.infoHash = id.utf8.count == 40 ? id : infoHash
        item.canMoveFiles = item.isComplete && (status == .complete || status == .paused)
        // aria2 ends a torrent when it has reached its limit of seeding.
        item.canBeRemoved = item.isComplete && status == .complete
        item.message = message(id)
        return item
    }

    /// What the download is called: the torrent's name, otherwise that of its file or address.
    var name: String {
        if let name = torrent?.info?.name { return name }
        let path = files.first?.path ?? ""
        if path.hasPrefix(Self.metadataMark) { return String(path.dropFirst(Self.metadataMark.count)) }
        if let last = path.split(separator: "/").last { return String(last) }
        let address = files.first?.addresses.first?.uri.prefix { $0 != "?" && $0 != "#" }
        return address?.split(separator: "/").last.map { String($0).percentDecoded } ?? infoHash ?? gid
    }

    /// The file, or the folder of a torrent with several.
    var contentPath: String? {
        guard let first = files.first?.path, first.hasPrefix("/") else { return nil }
        guard files.count > 1, let name = torrent?.info?.name, !folder.isEmpty else { return first }
        return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    private static let metadataMark = "[METADATA]"

    /// Bytes that are wanted, which are fewer than all where files are skipped.
    private var wanted: Int64 {
        guard files.contains(where: { !$0.isSelected }) else { return total }
        return files.filter(\.isSelected).reduce(0) { $0 + $1.length }
    }

    private var there: Int64 {
        guard files.contains(where: { !$0.isSelected }) else { return completed }
        return files.filter(\.isSelected).reduce(0) { $0 + $1.completed }
    }

    /// Whether aria2 has made another torrent of a magnet than the one that was asked for, as it does of hybrid ones.
    private func isStrange(_ id: String) -> Bool {
        guard let infoHash, !isMetadata else { return false }
        return id.utf8.count == 40 && infoHash != id
    }

    private var state: DownloadItem.State {
        if verified != nil || waitsForCheck { return .checking }
        switch status.value {
        case .active where isMetadata || !followedBy.isEmpty: return .fetchingMetadata
        case .active where isComplete: return .seeding
        case .active: return downloadSpeed > 0 ? .downloading : .stalled
        case .waiting: return .queued
        case .paused: return isComplete ? .completed : .paused
        // The next step is about to be listed.
        case .complete: return isComplete ? .completed : .fetchingMetadata
        case .error, .removed: return .failed
        case nil: return downloadSpeed > 0 ? .downloading : .stalled
        }
    }

    private func message(_ id: String) -> String? {
        if isStrange(id) {
            return "This torrent is a hybrid of v1 and v2, which aria2 cannot download. Use another client for it."
        }
        switch status.value {
        case .error: return Failure(code: errorCode, text: errorText).words
        case .active where isMetadata:
            return "Looking for somebody who has the list of files of this magnet."
        case .active where !isMetadata && !isComplete && downloadSpeed == 0:
            return infoHash == nil
                ? "The server sends nothing at the moment."
                : "No source sends anything at the moment. aria2 does not tell what its trackers say; its log does."
        default: return nil
        }
    }
}
