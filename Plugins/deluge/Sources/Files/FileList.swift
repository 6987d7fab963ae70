import PluginAPI

/// The files of a torrent, and what lies where.
struct FileList: Sendable, Decodable {
    /// A file as libtorrent lists it, padding included.
    struct Entry: Sendable, Decodable {
        var index: Int
        /// Relative to the torrent's folder, with the torrent's own name in front where it has several files.
        var path: String
        var size: Int64
        /// Of its first byte among all bytes of the torrent.
        var offset: Int64

        /// Whether it only fills up a piece (BEP 47).
        var isPadding: Bool {
            let parts = path.split(separator: "/")
            return parts.count > 1 && parts[parts.count - 2] == ".pad"
        }
    }

    var files: [Entry] = []
    /// For each file 0 to 1.
    var progress: [Double] = []
    /// For each file; 0 stands for "do not download".
    var priorities: [Int] = []
    /// For each piece 3 when it is verified; absent where the torrent is complete.
    var pieces: [Int]?
    var pieceLength: Int64 = 0
    var folder = ""
    var state = ""
    var isSeed = false

    private enum CodingKeys: String, CodingKey {
        case files, pieces, state
        case progress = "file_progress"
        case priorities = "file_priorities"
        case pieceLength = "piece_length"
        case folder = "download_location"
        case isSeed = "is_seed"
    }

    static let keys: JSONValue = ["files", "file_progress", "file_priorities"]
    static let keysWithPieces: JSONValue = [
        "files", "pieces", "piece_length", "download_location", "state", "is_seed",
    ]

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        files = values.value(.files) ?? []
        progress = values.value(.progress) ?? []
        priorities = values.value(.priorities) ?? []
        pieces = values.value(.pieces)
        pieceLength = values.value(.pieceLength) ?? 0
        folder = values.value(.folder) ?? ""
        state = values.value(.state) ?? ""
        isSeed = values.value(.isSeed) ?? false
    }

    var downloadFiles: [DownloadFile] {
        files.filter { !$0.isPadding }.map { file in
            let share = progress.indices.contains(file.index) ? progress[file.index] : 0
            // A NaN or a fraction outside of 0...1 must not trap or lie.
            let completed = share >= 1 ? file.size : share > 0 ? Int64(Double(file.size) * share) : 0
            return DownloadFile(
                index: file.index,
                path: file.path,
                size: file.size,
                completed: completed,
                isWanted: priorities.indices.contains(file.index) ? priorities[file.index] != 0 : true
            )
        }
    }
}
