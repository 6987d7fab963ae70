import PluginAPI

/// What NZBGet as a whole does, as far as it matters to one of its jobs.
struct QueueMood: Hashable, Sendable {
    /// Whether nothing but forced jobs is downloaded.
    var isPaused: Bool
    /// Bytes each second, when the job is the one that is downloaded; else 0.
    var speed: Int64 = 0
    /// Why nothing arrives, when nothing has arrived for a while.
    var trouble: String?
}

extension Group {
    /// The job in the words of the host.
    func item(_ mood: QueueMood) -> DownloadItem {
        let state = state(mood)
        var item = DownloadItem(id: "\(id)", name: JobName.shown(name), state: state)
        // A paused job pauses its files; else paused ones are repair blocks that nobody has asked for yet.
        let unneeded = phase == .paused ? 0 : paused
        item.size = max(0, size - unneeded)
        item.remaining = min(item.size, max(0, remaining - unneeded))
        item.category = category
        item.stage = stage.map(Open.known)
        item.message = message(mood)
        if state == .downloading {
            item.downloadSpeed = mood.speed
            item.eta = mood.speed > 0 ? Int(item.remaining / mood.speed) : nil
        }
        return item
    }

    private func state(_ mood: QueueMood) -> DownloadItem.State {
        let isHeldBack = mood.isPaused && priority < JobPriority.lowestForced
        switch phase {
        case .fetching: return .queued
        case .queued: return isHeldBack ? .paused : .queued
        case .paused: return .paused
        case .downloading: return isHeldBack ? .paused : mood.trouble == nil ? .downloading : .stalled
        case .waiting, .verifying, .repairing, .extracting, .moving, .script: return .postProcessing
        case .other: return mood.speed > 0 ? .downloading : .queued
        }
    }

    private var stage: DownloadItem.Stage? {
        switch phase {
        case .verifying: .verifying
        case .repairing: .repairing
        case .extracting: .extracting
        case .moving: .moving
        case .script: .script
        case .fetching, .queued, .paused, .downloading, .waiting, .other: nil
        }
    }

    private func message(_ mood: QueueMood) -> String? {
        switch phase {
        case .fetching: "NZBGet fetches the NZB from its address."
        case .queued, .downloading:
            mood.isPaused && priority < JobPriority.lowestForced ? "NZBGet as a whole is paused." : mood.trouble
        case .paused: nil
        case .waiting: "It waits for its turn in NZBGet's post-processing."
        case .verifying, .repairing, .extracting, .moving, .script: progress
        case .other: "NZBGet reports “\(status)”."
        }
    }

    private var progress: String? {
        guard !action.isEmpty, action != "NONE" else { return nil }
        let percent = (1...1000).contains(actionProgress) ? " (\(actionProgress / 10) %)" : ""
        return String(action.prefix(300)) + percent
    }
}
