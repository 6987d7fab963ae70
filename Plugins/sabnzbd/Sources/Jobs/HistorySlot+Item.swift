import PluginAPI

extension HistorySlot {
    /// The job in the words of the host.
    func item(as id: String) -> DownloadItem {
        var item = DownloadItem(id: id, name: JobName.shown(name), state: state)
        item.size = size
        item.category = category
        item.stage = stage.map(Open.known)
        item.message = message
        guard phase == .completed else { return item }
        item.isComplete = true
        item.contentPath = storage
        item.savePath = storage.lastIndex(of: "/").map { String(storage[..<$0]) }
        // SABnzbd is done with the files, and its history needs them no more.
        item.canMoveFiles = true
        item.canBeRemoved = true
        return item
    }

    private var state: DownloadItem.State {
        switch phase {
        case .completed: .completed
        case .failed: .failed
        case .fetching: .downloading
        case .waiting, .verifying, .repairing, .extracting, .moving, .script, .other: .postProcessing
        }
    }

    private var stage: DownloadItem.Stage? {
        switch phase {
        case .verifying: .verifying
        case .repairing: .repairing
        case .extracting: .extracting
        case .moving: .moving
        case .script: .script
        case .waiting, .fetching, .completed, .failed, .other: nil
        }
    }

    private var message: String? {
        switch phase {
        case .failed: FailureWords.of(failure)
        case .waiting:
            failure.isEmpty ? "It waits for its turn in SABnzbd's post-processing." : FailureWords.of(failure)
        case .completed: nil
        case .other: "SABnzbd reports “\(status)”."
        case .fetching: "SABnzbd fetches more repair blocks."
        case .verifying, .repairing, .extracting, .moving, .script: action.isEmpty ? nil : action
        }
    }
}
