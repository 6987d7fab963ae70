import FoundationEssentials
import Glibc

extension Error {
    /// What went wrong, for people.
    ///
    /// Errors of this program have words of their own. Those of files come with the words of the operating system; the
    /// path is left to the message around them.
    var words: String {
        switch self {
        case let error as CocoaError: Self.words(error)
        case let error as POSIXError: String(cString: strerror(error.code.rawValue))
        default: "\(self)"
        }
    }

    private static func words(_ error: CocoaError) -> String {
        if let cause = error.underlying as? POSIXError { return cause.words }
        return switch error.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: "there is no such file"
        case .fileReadNoPermission, .fileWriteNoPermission: "permission denied"
        case .fileWriteFileExists: "there is something of this name already"
        case .fileWriteOutOfSpace: "no space left"
        case .fileReadTooLarge: "the file is too large"
        default: "error \(error.code.rawValue) of the file system"
        }
    }
}
