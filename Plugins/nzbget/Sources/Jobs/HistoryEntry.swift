import PluginAPI

/// A job that NZBGet is done with, as `history` shows it.
struct HistoryEntry: Sendable, Decodable {
    var id: Int
    var name: String
    /// `NZB`, or `URL` for an address that brought none.
    var kind: String
    /// `SUCCESS`, `WARNING`, `FAILURE` or `DELETED`, a slash, and more.
    var status: String
    var size: Int64
    var category: String?
    /// Where the files are; still the folder for unfinished ones after most failures.
    var folder: String
    /// Where a script says that the files are now.
    var finalFolder: String
    var unpackStatus: String
    var moveStatus: String

    private enum CodingKeys: String, CodingKey {
        case id = "NZBID"
        case name = "NZBName"
        case kind = "Kind"
        case status = "Status"
        case category = "Category"
        case folder = "DestDir"
        case finalFolder = "FinalDir"
        case unpackStatus = "UnpackStatus"
        case moveStatus = "MoveStatus"
        case sizeLow = "FileSizeLo"
        case sizeHigh = "FileSizeHi"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(Int.self, forKey: .id)
        name = fields.text(.name) ?? ""
        kind = fields.text(.kind) ?? ""
        status = fields.text(.status) ?? ""
        category = fields.text(.category)
        folder = fields.text(.folder) ?? ""
        finalFolder = fields.text(.finalFolder) ?? ""
        unpackStatus = fields.text(.unpackStatus) ?? ""
        moveStatus = fields.text(.moveStatus) ?? ""
        size = Bytes.whole(fields.value(.sizeLow), fields.value(.sizeHigh))
    }

    /// What became of the job.
    enum Outcome: Hashable, Sendable {
        case completed
        /// In its folder for unfinished downloads still, although nothing has failed.
        case moving
        case failed
    }

    var outcome: Outcome {
        // A script that fails leaves the files whole and in their place.
        guard status.hasPrefix("SUCCESS") || status == "WARNING/SCRIPT" else { return .failed }
        return moveStatus == "FAILURE"
            ? .failed : location.hasSuffix(".#\(id)") || location.isEmpty ? .moving : .completed
    }

    /// Whether somebody has deleted the job in NZBGet and so wants no more of it: it counts as gone.
    var wasDeletedByHand: Bool { status == "DELETED/MANUAL" }

    /// Where the files are.
    var location: String { status.hasPrefix("FAILURE") || finalFolder.isEmpty ? folder : finalFolder }

    /// Whether everything arrived and only what came afterwards has failed.
    var needsPostProcessingOnly: Bool {
        ["FAILURE/UNPACK", "FAILURE/MOVE", "WARNING/PASSWORD", "WARNING/SPACE"].contains(status)
    }
}
