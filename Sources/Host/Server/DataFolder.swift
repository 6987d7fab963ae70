import FoundationEssentials
import Glibc
import PluginAPI

/// The folder with the database and the key file.
struct DataFolder {
    let configuration: ServerConfiguration

    init(_ configuration: ServerConfiguration) {
        self.configuration = configuration
    }

    /// Where a checked backup lies that takes the database's place at the next start, and its key file.
    private var stagedDatabase: String { configuration.databasePath + ".restore" }
    private var stagedKey: String { configuration.keyPath + ".restore" }
    private var lockPath: String { configuration.dataDirectory + "/kinodock.lock" }

    /// Makes the folder, for its owner alone.
    func prepare() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: configuration.dataDirectory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw CommandFailure("The data folder \(configuration.dataDirectory) cannot be made: \(error.words)")
        }
    }

    /// Makes sure that no other server uses the folder, until the process ends.
    ///
    /// - Throws: `CommandFailure` naming the process that uses it.
    func lock() throws {
        let descriptor = open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("\(lockPath) cannot be written: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let other = serverPID().map { " (process \($0))" } ?? ""
            throw CommandFailure(
                "Another kinodock\(other) uses \(configuration.dataDirectory). Stop it, or choose another --data."
            )
        }
        let text = "\(getpid())\n"
        _ = ftruncate(descriptor, 0)
        _ = text.withCString { write(descriptor, $0, strlen($0)) }
        // The descriptor stays open on purpose: the lock ends with the process.
    }

    /// The process that runs a server on this folder, or `nil`.
    func serverPID() -> pid_t? {
        let descriptor = open(lockPath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = read(descriptor, &buffer, buffer.count)
        return pid_t(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).trimmed)
    }

    /// Checks the backup at `path` and lays it out for `applyStagedRestore`.
    func stage(backup path: String) throws {
        let draft = stagedDatabase + ".unpacked"
        let key = try Store.unpackBackup(path, to: draft)
        unlink(stagedDatabase)
        unlink(stagedKey)
        if let key {
            let descriptor = open(stagedKey, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
            let isWritten =
                descriptor >= 0
                && key.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == key.count
                && fsync(descriptor) == 0
            close(descriptor)
            guard isWritten else {
                throw CommandFailure("\(stagedKey) cannot be written: \(String(cString: strerror(errno)))")
            }
        }
        // The database comes last: a key without it is ignored.
        guard rename(draft, stagedDatabase) == 0 else {
            throw CommandFailure("The backup cannot be laid out: \(String(cString: strerror(errno)))")
        }
    }

    /// Puts a staged backup in the database's place.
    ///
    /// The old database is kept beside it.
    ///
    /// - Returns: where the old database is, if one was replaced.
    func applyStagedRestore() throws -> String? {
        guard access(stagedDatabase, F_OK) == 0 else { return nil }
        let old = configuration.databasePath + ".before-restore"
        let hadDatabase = access(configuration.databasePath, F_OK) == 0
        // What the old database has not yet taken over from its log belongs to it: it moves along.
        for suffix in ["", "-wal", "-shm"] where access(configuration.databasePath + suffix, F_OK) == 0 {
            guard rename(configuration.databasePath + suffix, old + suffix) == 0 else {
                throw CommandFailure("The old database cannot be moved to \(old): \(String(cString: strerror(errno)))")
            }
        }
        unlink(configuration.databasePath + "-mark")
        if access(stagedKey, F_OK) == 0 {
            _ = rename(configuration.keyPath, configuration.keyPath + ".before-restore")
            guard rename(stagedKey, configuration.keyPath) == 0 else {
                throw CommandFailure("The backup's key cannot be put in place: \(String(cString: strerror(errno)))")
            }
        }
        guard rename(stagedDatabase, configuration.databasePath) == 0 else {
            throw CommandFailure("The backup cannot be put in place: \(String(cString: strerror(errno)))")
        }
        return hadDatabase ? old : nil
    }
}
