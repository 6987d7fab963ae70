internal import Glibc

/// The file of a database and those that SQLite puts beside it.
struct DatabaseFile {
    let path: String

    /// Creates the file if it is missing, and lets its owner alone read it.
    ///
    /// SQLite gives the log and the shared memory the mode of the file.
    func prepare() throws(DatabaseError) {
        var status = stat()
        // Looked at by its name alone: closing a descriptor of the file would drop every lock that this process has on
        // it, those of an open database included.
        guard stat(path, &status) == 0 else { return try create() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DatabaseError.notWritable(path: path, reason: "it is not a plain file")
        }
        guard access(path, R_OK | W_OK) == 0 else { throw DatabaseError(code: errno, path: path) }
        guard status.st_mode & 0o077 != 0 else { return }
        for suffix in ["", "-wal", "-shm"] { chmod(path + suffix, 0o600) }
    }

    private func create() throws(DatabaseError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            // Another process was faster.
            if errno == EEXIST { return }
            throw DatabaseError(code: errno, path: path)
        }
        Glibc.close(descriptor)
    }

    /// Waits until the disk has a file.
    static func sync(_ path: String) throws(DatabaseError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw DatabaseError(code: errno, path: path) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw DatabaseError(code: errno, path: path) }
    }

    /// Waits until the disk has the names in the folder of a file.
    static func syncFolder(of path: String) throws(DatabaseError) {
        guard let slash = path.lastIndex(of: "/") else { return try sync(".") }
        try sync(slash == path.startIndex ? "/" : String(path[..<slash]))
    }

    /// Whether anything has this name, a dangling link too.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Gives a file its final name, unless that is taken.
    static func rename(_ source: String, toNew path: String) throws(DatabaseError) {
        // A hard link, unlike rename, never replaces a file that appeared meanwhile.
        if link(source, path) == 0 {
            unlink(source)
            return
        }
        guard errno != EEXIST else { throw DatabaseError.backupExists(path: path) }
        // File systems without hard links (FAT, some network shares) leave a moment between looking and renaming.
        guard !exists(path) else { throw DatabaseError.backupExists(path: path) }
        guard Glibc.rename(source, path) == 0 else { throw DatabaseError(code: errno, path: path) }
    }
}
