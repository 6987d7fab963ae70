import PluginAPI

/// A file as `torrents/files` reports it.
struct FileEntry: Sendable, Decodable {
    var index: Int?
    var name: String
    var size: Int64
    /// 0 to 1.
    var progress: Double
    /// 0 stands for "do not download".
    var priority: Int
    /// The first and the last piece.
    var pieces: [Int]?

    private enum CodingKeys: String, CodingKey {
        case index, name, size, progress, priority
        case pieces = "piece_range"
    }

    /// The bytes that are there, rounded down.
    var completed: Int64 {
        // A NaN or a fraction outside of 0...1 must not trap or lie.
        progress >= 1 ? size : progress > 0 ? Int64(Double(size) * progress) : 0
    }

    /// The path that the file has in the end.
    var path: String {
        name.hasSuffix(Self.incompleteSuffix) ? String(name.dropLast(Self.incompleteSuffix.count)) : name
    }

    /// What is appended to the names of unfinished files when the preferences say so.
    static let incompleteSuffix = ".!qB"
}

extension DownloadFile {
    /// - Parameter position: the index for versions that give none (before API 2.8.2).
    init(_ entry: FileEntry, position: Int) {
        self.init(
            index: entry.index ?? position,
            path: entry.path,
            size: entry.size,
            completed: entry.completed,
            isWanted: entry.priority != 0
        )
    }
}
