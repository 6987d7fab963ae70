import PluginAPI

extension Entry {
    /// Whether it is one of perhaps several files that a metalink has become.
    var isPlainFile: Bool { infoHash == nil && followedBy.isEmpty }

    /// The files of one metalink, which aria2 downloads each by itself, as one download.
    ///
    /// - Parameter parts: one at least.
    static func joined(_ parts: [Entry]) -> Entry {
        var whole = parts[0]
        guard parts.count > 1 else { return whole }
        whole.total = parts.reduce(0) { $0 + $1.total }
        whole.completed = parts.reduce(0) { $0 + $1.completed }
        whole.downloadSpeed = parts.reduce(0) { $0 + $1.downloadSpeed }
        whole.connections = parts.reduce(0) { $0 + $1.connections }
        // As long as anything moves, it moves; then what has gone wrong counts.
        let order: [Status] = [.active, .waiting, .paused, .error]
        let deciding = order.lazy.compactMap { status in parts.first { $0.status == .known(status) } }.first
        if let deciding {
            (whole.status, whole.errorCode, whole.errorText) = (deciding.status, deciding.errorCode, deciding.errorText)
        }
        whole.files = parts.flatMap(\.files).enumerated().map { index, file in
            var file = file
            file.number = index + 1
            return file
        }
        return whole
    }
}
