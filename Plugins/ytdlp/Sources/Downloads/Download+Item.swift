import PluginAPI

extension Download {
    /// What is known of a download only while it runs.
    struct Activity: Sendable {
        var transfer = Transfer()
        /// Whether yt-dlp has found out what to download.
        var hasBegun = false
        var step: DownloadItem.Stage?
        /// Seconds for which nothing has come, when that is long.
        var silence: Int?
    }

    /// The download in the words of the host.
    func item(_ activity: Activity?) -> DownloadItem {
        var item = DownloadItem(id: id, name: name, state: state(activity))
        item.isComplete = phase == .completed
        item.canMoveFiles = item.isComplete
        item.canBeRemoved = item.isComplete
        if let activity, activity.transfer.size > 0 {
            item.size = activity.transfer.size
            item.remaining = activity.transfer.remaining
        } else {
            item.size = size
            item.remaining = item.isComplete ? 0 : max(0, size - received)
        }
        if phase == .running, let activity, activity.silence == nil {
            item.downloadSpeed = activity.transfer.speed
            item.eta = activity.transfer.eta
        }
        item.stage = phase == .moving ? .known(.moving) : activity?.step.map(Open.known)
        item.category = category
        item.savePath = folder
        item.contentPath = content.map { folder + "/" + $0 }
        item.message = words(activity)
        return item
    }

    private func state(_ activity: Activity?) -> DownloadItem.State {
        switch phase {
        case .queued: .queued
        case .paused: .paused
        case .moving: .postProcessing
        case .completed: .completed
        case .failed: .failed
        case .running where activity?.step != nil: .postProcessing
        case .running: activity?.silence != nil ? .stalled : .downloading
        }
    }

    private func words(_ activity: Activity?) -> String? {
        guard phase == .running, let activity else { return message }
        if let silence = activity.silence { return "\(host) has sent nothing for \(silence) seconds." }
        if !activity.hasBegun { return "Looking at the page." }
        return isLive ? "Records a live broadcast until it ends, or until it is paused." : message
    }
}
