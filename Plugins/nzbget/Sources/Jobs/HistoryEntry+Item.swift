import PluginAPI

extension HistoryEntry {
    /// The job in the words of the host.
    func item() -> DownloadItem {
        var item = DownloadItem(id: "\(id)", name: JobName.shown(name), state: state)
        item.size = size
        item.category = category
        switch outcome {
        case .failed: item.message = FailureWords.of(status)
        case .moving: item.stage = .known(.moving)
        case .completed:
            item.isComplete = true
            item.contentPath = location
            item.savePath = location.lastIndex(of: "/").map { String(location[..<$0]) }
            item.message = status == "WARNING/SCRIPT" ? FailureWords.of(status) : nil
            // NZBGet is done with the files, and its history needs them no more.
            item.canMoveFiles = true
            item.canBeRemoved = true
        }
        return item
    }

    private var state: DownloadItem.State {
        switch outcome {
        case .completed: .completed
        case .moving: .postProcessing
        case .failed: .failed
        }
    }
}
