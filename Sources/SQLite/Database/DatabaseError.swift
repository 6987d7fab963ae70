internal import Glibc

/// Why a database cannot be opened, used or copied, with what to do about it.
package enum DatabaseError: Error {
    /// A newer Kinodock wrote the file.
    case newerSchema(path: String, found: Int, known: Int)
    /// The file is damaged or is something else than a database.
    case corrupt(path: String, detail: String)
    /// The file or its folder cannot be read or written.
    case notWritable(path: String, reason: String)
    /// There is no space left.
    case diskFull(path: String)
    /// Another process kept the database locked.
    case busy(path: String)
    /// A step of the schema failed and was taken back.
    case migrationFailed(number: Int, name: String, cause: any Error)
    /// A backup would overwrite a file.
    case backupExists(path: String)
    /// Another backup writes to the same place.
    case backupRunning(path: String)
    /// The database was closed, or is closing.
    case closed(path: String)
    /// Anything else that SQLite reports.
    case failed(path: String, cause: SQLiteError)

    /// Sorts a failure of SQLite by what the user has to do.
    init(_ error: SQLiteError, path: String) {
        switch error.resultCode.primary {
        case .corrupt, .notADatabase: self = .corrupt(path: path, detail: error.resultCode.description)
        case .full: self = .diskFull(path: path)
        case .busy, .locked: self = .busy(path: path)
        case .readOnly, .cannotOpen: self = .notWritable(path: path, reason: error.resultCode.description)
        default: self = .failed(path: path, cause: error)
        }
    }

    /// Sorts a failed system call by what the user has to do.
    ///
    /// - Parameter code: the value of `errno`.
    init(code: Int32, path: String) {
        switch code {
        case ENOSPC, EDQUOT: self = .diskFull(path: path)
        default: self = .notWritable(path: path, reason: String(cString: strerror(code)))
        }
    }
}

extension DatabaseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .newerSchema(let path, let found, let known):
            """
            The database \(path) has schema \(found), but this Kinodock knows schemas up to \(known): a newer version \
            wrote it. Start that version or a later one, or restore a backup of the time before with \
            `kinodock restore FILE`.
            """
        case .corrupt(let path, let detail):
            """
            The database \(path) is damaged or is not a database (\(detail)). Restore a backup with \
            `kinodock restore FILE`; without one, move the file away to start with an empty database.
            """
        case .notWritable(let path, let reason):
            """
            The database \(path) cannot be written (\(reason)). Make its folder and files belong to the user that runs \
            Kinodock, on a disk that is not mounted read-only, or choose another folder with --data.
            """
        case .diskFull(let path):
            "The disk that holds \(path) is full. Free some space; nothing that was confirmed is lost."
        case .busy(let path):
            "Another process keeps the database \(path) locked. Stop it, or wait for it to end, and try again."
        case .migrationFailed(let number, let name, let cause):
            """
            Step \(number) (\(name)) of bringing the database up to date failed and was taken back: \(cause). The data \
            is as it was: start the version of Kinodock that was used before, and report this.
            """
        case .backupExists(let path):
            "There is a file \(path) already. Choose another name, or remove it first."
        case .backupRunning(let path):
            "Another backup to \(path) is running. Wait for it, or choose another name."
        case .closed(let path):
            "The database \(path) is closed, because Kinodock is stopping."
        case .failed(let path, let cause):
            "The database \(path) failed: \(cause). If it happens again, check the disk and the free space."
        }
    }
}
