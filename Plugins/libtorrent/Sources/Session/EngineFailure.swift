import CLibTorrent
import Glibc
import PluginAPI

/// Why the engine could not do something.
struct EngineFailure: Error, Hashable, Sendable {
    /// An errno value when `isSystem`, otherwise libtorrent's own number.
    let code: Int32
    let isSystem: Bool
    /// The engine's own words, in English.
    let message: String

    init(_ failure: kdt_failure) {
        code = failure.code
        isSystem = failure.is_system
        message = withUnsafeBytes(of: failure.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    var isMissingFile: Bool { isSystem && code == ENOENT }

    /// What happened to a file or folder, and what to do.
    func words(about path: String) -> String {
        let place = path.isEmpty ? "the download folder" : path
        guard isSystem else { return "The torrent engine failed at \(place): \(message)." }
        return switch code {
        case ENOSPC, EDQUOT: "The disk is full. Make room where \(place) is, then retry."
        case EACCES, EPERM: "\(place) must not be written. Give Kinodock's user the right to it, then retry."
        case EROFS: "The disk of \(place) can only be read. Mount it for writing, then retry."
        case ENOENT: "\(place) is gone. Put it back or mount its disk, then retry; or download again."
        case EIO: "The disk fails at \(place). Look at its health and the system's log."
        case ENAMETOOLONG: "The name of \(place) is too long for its disk."
        default: "The system refuses \(place): \(message)."
        }
    }
}
