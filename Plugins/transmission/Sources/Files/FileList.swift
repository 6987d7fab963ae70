import PluginAPI

/// The files of a torrent, and what lies where.
struct FileList: Sendable, Decodable {
    /// A file with its size.
    struct Entry: Sendable, Decodable {
        /// Relative to the torrent's folder, with the torrent's own name in front where it has several files.
        var name: String
        var length: Int64
        var bytesCompleted: Int64?
        /// The piece in which it begins; from 4.0 on.
        var beginPiece: Int?
    }

    /// What is wanted of a file.
    struct Standing: Sendable, Decodable {
        var isWanted: Bool

        private enum CodingKeys: String, CodingKey { case wanted }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            let number: Int? = values.value(.wanted)
            isWanted = values.value(.wanted) ?? number.map { $0 != 0 } ?? true
        }
    }

    var files: [Entry]
    var fileStats: [Standing]?
    var downloadDir: String?
    var leftUntilDone: Int64?
    /// A bit for each piece, in base64.
    var pieces: String?
    var pieceSize: Int64?

    static let fields: JSONValue = ["files", "fileStats"]
    static let fieldsWithPieces: JSONValue = ["files", "downloadDir", "leftUntilDone", "pieces", "pieceSize"]

    var downloadFiles: [DownloadFile] {
        files.enumerated().map { index, file in
            let stats = fileStats ?? []
            return DownloadFile(
                index: index,
                path: file.name,
                size: file.length,
                completed: min(max(file.bytesCompleted ?? 0, 0), file.length),
                isWanted: stats.indices.contains(index) ? stats[index].isWanted : true
            )
        }
    }
}
