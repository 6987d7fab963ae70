import PluginAPI

/// A job in NZBGet's queue, as `listgroups` shows it: from the address of its NZB to the end of post-processing.
struct Group: Sendable, Decodable {
    var id: Int
    var name: String
    var status: String
    /// Bytes, repair blocks that may not be needed included.
    var size: Int64
    /// Bytes, those of paused files included.
    var remaining: Int64
    /// Bytes of files that are paused: repair blocks wait that way until they are needed.
    var paused: Int64
    var activeDownloads: Int
    var priority: Int
    var category: String?
    /// What post-processing does at the moment.
    var action: String
    /// Of the step of post-processing, in thousandths; anything at all while there is none.
    var actionProgress: Int

    private enum CodingKeys: String, CodingKey {
        case id = "NZBID"
        case name = "NZBName"
        case status = "Status"
        case activeDownloads = "ActiveDownloads"
        case priority = "MaxPriority"
        case category = "Category"
        case action = "PostInfoText"
        case actionProgress = "PostStageProgress"
        case sizeLow = "FileSizeLo"
        case sizeHigh = "FileSizeHi"
        case remainingLow = "RemainingSizeLo"
        case remainingHigh = "RemainingSizeHi"
        case pausedLow = "PausedSizeLo"
        case pausedHigh = "PausedSizeHi"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(Int.self, forKey: .id)
        name = fields.text(.name) ?? ""
        status = fields.text(.status) ?? ""
        size = Bytes.whole(fields.value(.sizeLow), fields.value(.sizeHigh))
        remaining = Bytes.whole(fields.value(.remainingLow), fields.value(.remainingHigh))
        paused = Bytes.whole(fields.value(.pausedLow), fields.value(.pausedHigh))
        activeDownloads = fields.value(.activeDownloads) ?? 0
        priority = fields.value(.priority) ?? 0
        category = fields.text(.category)
        action = fields.text(.action) ?? ""
        actionProgress = fields.value(.actionProgress) ?? 0
    }

    /// Where the job is on its way.
    enum Phase: Hashable, Sendable {
        case fetching, queued, paused, downloading
        case waiting, verifying, repairing, extracting, moving, script
        /// A status that this plugin does not know.
        case other

        /// Whether the download itself is over.
        var isPostProcessing: Bool {
            switch self {
            case .waiting, .verifying, .repairing, .extracting, .moving, .script: true
            case .fetching, .queued, .paused, .downloading, .other: false
            }
        }
    }

    var phase: Phase {
        switch status {
        case "FETCHING": .fetching
        case "QUEUED", "QS_QUEUED", "QS_EXECUTING": .queued
        case "PAUSED": .paused
        case "DOWNLOADING": .downloading
        case "PP_QUEUED": .waiting
        case "LOADING_PARS", "VERIFYING_SOURCES", "VERIFYING_REPAIRED": .verifying
        case "REPAIRING": .repairing
        case "UNPACKING": .extracting
        case "RENAMING", "MOVING", "PP_FINISHED": .moving
        case "EXECUTING_SCRIPT": .script
        default: .other
        }
    }
}

/// Sizes come in two halves of 32 bits.
enum Bytes {
    static func whole(_ low: Int64?, _ high: Int64?) -> Int64 {
        guard let low, let high, (0...0x7FFF_FFFF).contains(high) else { return 0 }
        return high << 32 | (low & 0xFFFF_FFFF)
    }
}
