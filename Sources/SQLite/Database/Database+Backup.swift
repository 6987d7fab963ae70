internal import CSQLite
internal import Glibc

extension Database {
    /// Copies the database as it is now into a new file, while others read and write.
    ///
    /// The file has its name only once it is complete, checked and on the disk; until then it is `path.partial`. It
    /// blocks the calling thread for about as long as the disk needs to write the file.
    ///
    /// - Parameter path: a name that is not taken; the folder must exist.
    package func backup(to path: String) throws {
        let partial = path + ".partial"
        let descriptor = open(partial, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw DatabaseError(code: errno, path: path) }
        // The lock goes with the descriptor; closed last, since closing it drops locks that SQLite has on the file.
        defer { Glibc.close(descriptor) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw DatabaseError.backupRunning(path: path) }
        do {
            guard !DatabaseFile.exists(path) else { throw DatabaseError.backupExists(path: path) }
            guard ftruncate(descriptor, 0) == 0 else { throw DatabaseError(code: errno, path: path) }
            try copy(to: partial)
            guard fsync(descriptor) == 0 else { throw DatabaseError(code: errno, path: path) }
            try DatabaseFile.rename(partial, toNew: path)
            try DatabaseFile.syncFolder(of: path)
        } catch {
            unlink(partial)
            throw (error as? SQLiteError).map { DatabaseError($0, path: path) } ?? error
        }
    }

    private func copy(to partial: String) throws {
        // Connections of its own: the readers stay free. One step copies all pages from one snapshot, so that writers
        // neither wait nor make it start again.
        let source = try tuning.openReader(path: self.path)
        let target = try Connection(path: partial, mode: .readWrite, statements: 1)
        defer {
            source.close()
            target.close()
        }
        // Until it has its name the file may break; the sync comes once, at the end.
        try target.execute("PRAGMA journal_mode = OFF")
        try target.execute("PRAGMA synchronous = OFF")
        let backup = sqlite3_backup_init(target.handle, "main", source.handle, "main")
        guard let backup else { throw SQLiteError(sqlite3_extended_errcode(target.handle), on: target.handle) }
        let code = sqlite3_backup_step(backup, -1)
        sqlite3_backup_finish(backup)
        guard code == SQLITE_DONE else { throw SQLiteError(code, on: target.handle) }
        try target.checkIntegrity(path: partial)
    }
}
