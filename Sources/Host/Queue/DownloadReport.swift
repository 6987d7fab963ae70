import PluginAPI

/// The part of a client's report about a download that decides what happens to it.
struct DownloadReport: Hashable, Sendable, Codable {
    var state: Open<DownloadItem.State>
    /// Whether the client says that every byte is there, verified and in its final place.
    var isComplete: Bool
    /// From 0 to 1.
    var progress: Double
    /// The client's words about a failure or about what it waits for.
    var message: String?
    /// The step of post-processing, while there is one and the client names it.
    var stage: Open<DownloadItem.Stage>?

    init(_ state: DownloadItem.State, isComplete: Bool = false, progress: Double = 0, message: String? = nil) {
        self.state = .known(state)
        self.isComplete = isComplete
        self.progress = progress
        self.message = message
    }

    init(_ item: DownloadItem) {
        state = item.state
        isComplete = item.isComplete
        progress = item.size > 0 ? min(1, max(0, 1 - Double(item.remaining) / Double(item.size))) : 0
        message = item.message
        stage = item.state == .postProcessing ? item.stage : nil
    }

    /// Whether the client both says that it is done and does not contradict itself.
    var provesCompleteness: Bool {
        guard isComplete else { return false }
        return switch state.value {
        case .failed, .missingFiles, .fetchingMetadata, .checking, .postProcessing: false
        case .queued, .downloading, .stalled, .paused, .seeding, .completed, nil: true
        }
    }
}
