import PluginAPI

extension QueueSlot {
    /// The job in the words of the host.
    func item(as id: String, _ mood: QueueMood) -> DownloadItem {
        var item = DownloadItem(id: id, name: JobName.shown(name), state: state(mood))
        item.size = size
        item.remaining = min(size, remaining)
        item.category = category
        item.message = message(mood)
        if item.state == .downloading {
            item.downloadSpeed = mood.speed ?? 0
            item.eta = timeLeft > 0 ? timeLeft : nil
        }
        return item
    }

    private func state(_ mood: QueueMood) -> DownloadItem.State {
        switch status {
        case "Paused": .paused
        case "Grabbing", "Propagating": .queued
        case "Checking": .checking
        // Every job that may be downloaded says "Downloading"; only the first one is.
        case "Downloading", "Fetching": mood.trouble != nil ? .stalled : mood.speed == nil ? .queued : .downloading
        default: mood.isPaused ? .paused : .queued
        }
    }

    private func message(_ mood: QueueMood) -> String? {
        if let label = labels.compactMap(Self.words).first { return label }
        return switch status {
        case "Grabbing": "SABnzbd fetches the NZB from its address."
        case "Propagating": "SABnzbd waits until the post has reached all news servers (propagation delay)."
        case "Checking": "SABnzbd asks the news servers whether all articles are there."
        case "Fetching": "SABnzbd fetches more repair blocks."
        case "Paused": nil
        case "Downloading": mood.trouble
        default: mood.isPaused ? "SABnzbd as a whole is paused." : nil
        }
    }

    /// What a label means.
    ///
    /// Those of another language stay as they are.
    private static func words(_ label: String) -> String? {
        switch label {
        case "ENCRYPTED": "The archive is encrypted. Add it again with its password, or set that in SABnzbd and resume."
        case "DUPLICATE":
            "SABnzbd takes it for a duplicate of something that it had before. Resume it to have it again."
        case "TOO LARGE": "It is larger than SABnzbd's limit. Resume it to have it nevertheless."
        case "INCOMPLETE": "Articles are missing according to SABnzbd. Resume it to try nevertheless."
        case "UNWANTED": "It holds a kind of file that SABnzbd is set to refuse. Resume it to have it nevertheless."
        case "": nil
        default: "SABnzbd marks it: \(label)."
        }
    }
}
