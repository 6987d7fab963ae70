import PluginAPI

/// A job wherever it is in SABnzbd.
enum Job: Sendable {
    case queued(QueueSlot, in: QueueMood)
    case past(HistorySlot)

    /// The id that SABnzbd uses at the moment.
    var id: String {
        switch self {
        case .queued(let slot, _): slot.id
        case .past(let slot): slot.id
        }
    }

    /// What the host is told.
    ///
    /// - Parameter id: the id that the host knows, which is an older one after a retry.
    func item(as id: String) -> DownloadItem {
        switch self {
        case .queued(let slot, let mood): slot.item(as: id, mood)
        case .past(let slot): slot.item(as: id)
        }
    }
}

/// What the queue as a whole does, as far as it matters to one of its jobs.
struct QueueMood: Hashable, Sendable {
    /// Whether SABnzbd downloads nothing but forced jobs.
    var isPaused: Bool
    /// Bytes each second, when the job is the one that is downloaded; else `nil`.
    var speed: Int64?
    /// Why nothing arrives, when nothing has arrived for a while.
    var trouble: String?
}

/// Names that SABnzbd makes of addresses, which may hold a key of their site.
enum JobName {
    /// The name without an address; empty when it is nothing else.
    static func shown(_ name: String) -> String {
        guard name.contains("://") else { return name.lowercased().contains("apikey") ? "" : name }
        // "NAME - http://…" and "NAME - Trying to fetch NZB from http://…".
        guard let end = name.firstRange(of: " - ") else { return "" }
        let begin = String(name[..<end.lowerBound])
        return begin.contains("://") || begin.hasPrefix("Trying to fetch") ? "" : begin
    }
}
