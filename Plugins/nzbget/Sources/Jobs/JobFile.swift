import PluginAPI

/// A file of a job that is not complete yet, as `listfiles` shows it.
struct JobFile: Sendable, Decodable {
    var id: Int
    var name: String
    var size: Int64
    var remaining: Int64
    var isPaused: Bool

    private enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Filename"
        case isPaused = "Paused"
        case sizeLow = "FileSizeLo"
        case sizeHigh = "FileSizeHi"
        case remainingLow = "RemainingSizeLo"
        case remainingHigh = "RemainingSizeHi"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(Int.self, forKey: .id)
        name = fields.text(.name) ?? ""
        isPaused = fields.value(.isPaused) ?? false
        size = Bytes.whole(fields.value(.sizeLow), fields.value(.sizeHigh))
        remaining = Bytes.whole(fields.value(.remainingLow), fields.value(.remainingHigh))
    }

    /// The file in the words of the host; NZBGet's own number is its index, for the list gets shorter.
    var item: DownloadFile {
        DownloadFile(index: id, path: name, size: size, completed: max(0, size - remaining), isWanted: !isPaused)
    }
}

extension API {
    /// The files of a job that are not complete yet.
    func files(of id: JobID) async throws -> [JobFile] {
        try await call([JobFile].self, "listfiles", [0, 0, .integer(Int64(id.number))])
    }
}
