import CLibTorrent
import PluginAPI

/// Something that the engine tells; `number` is that of a torrent.
enum SessionEvent {
    case status(TorrentStatus)
    case metadata(InfoHashes)
    case checked
    case complete
    case moved
    case moveFailed(EngineFailure, path: String)
    /// What to save; valid until the next event is taken.
    case resumeData(TorrentParams)
    /// Nothing to save, or nothing that could be.
    case nothingToSave
    case deleted
    case deleteFailed(EngineFailure)
    case trackerFailed(url: String, EngineFailure)
    case trackerAnswered(url: String)
    case failed(EngineFailure, path: String)
    case savedRejected(EngineFailure)
    case conflict(with: UInt32)
    case listening(port: Int)
    case listenFailed(EngineFailure, interface: String)

    /// `nil` for what nobody needs to know.
    init?(_ raw: kdt_event) {
        let failure = EngineFailure(raw.failure)
        let text = raw.text.map { String(cString: $0) } ?? ""
        switch kdt_event_kind(UInt32(raw.kind)) {
        case KDT_STATUS: self = .status(TorrentStatus(raw.status))
        case KDT_GOT_METADATA: self = .metadata(InfoHashes(raw.hashes))
        case KDT_CHECKED: self = .checked
        case KDT_COMPLETE: self = .complete
        case KDT_MOVED: self = .moved
        case KDT_MOVE_FAILED: self = .moveFailed(failure, path: text)
        case KDT_RESUME_DATA:
            guard let params = raw.params else { return nil }
            self = .resumeData(TorrentParams(borrowing: params))
        case KDT_RESUME_FAILED: self = .nothingToSave
        case KDT_DELETED: self = .deleted
        case KDT_DELETE_FAILED: self = .deleteFailed(failure)
        case KDT_TRACKER_ERROR: self = .trackerFailed(url: text, failure)
        case KDT_TRACKER_REPLY: self = .trackerAnswered(url: text)
        case KDT_ERROR: self = .failed(failure, path: text)
        case KDT_SAVED_REJECTED: self = .savedRejected(failure)
        case KDT_CONFLICT: self = .conflict(with: raw.other)
        case KDT_LISTENING: self = .listening(port: Int(raw.port))
        case KDT_LISTEN_FAILED: self = .listenFailed(failure, interface: text)
        default: return nil
        }
    }
}
