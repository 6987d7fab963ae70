import PluginAPI

/// Decides which downloads run.
struct Turns: Sendable {
    /// At a time.
    let most: Int
    /// At a time, from one site.
    let mostPerHost: Int

    /// The ids of the downloads that may begin now, the most urgent first.
    ///
    /// - Parameters:
    ///   - waiting: in the order in which they were added.
    ///   - running: those that run.
    func next(_ waiting: [Download], running: [Download]) -> [String] {
        var hosts: [String: Int] = [:]
        for download in running { hosts[download.host, default: 0] += 1 }
        var free = most - running.count
        var chosen: [String] = []
        for download in waiting.sorted(by: { Self.rank($0) < Self.rank($1) }) {
            let isForced = download.priority == DownloadPriority.force.rawValue
            guard isForced || free > 0 && hosts[download.host, default: 0] < mostPerHost else { continue }
            chosen.append(download.id)
            hosts[download.host, default: 0] += 1
            free -= 1
        }
        return chosen
    }

    private static func rank(_ download: Download) -> Int {
        switch download.priority.flatMap(DownloadPriority.init) {
        case .force: 0
        case .high: 1
        case .normal, nil: 2
        case .low: 3
        }
    }
}
