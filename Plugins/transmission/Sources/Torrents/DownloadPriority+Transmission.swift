import PluginAPI

extension DownloadPriority {
    /// Transmission's number for the share of the bandwidth.
    var bandwidth: JSONValue {
        switch self {
        case .low: -1
        case .normal: 0
        case .high, .force: 1
        }
    }

    /// The call that moves a torrent within the queue.
    var queueMove: String? {
        switch self {
        case .low: "queue-move-bottom"
        case .normal: nil
        case .high, .force: "queue-move-top"
        }
    }
}
