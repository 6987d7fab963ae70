import FoundationEssentials
import Glibc
import SQLite

/// A backup is a database like any other, with the key that opens its secrets in a table of its own: without the key
/// a backup would be worth little on another machine. It is therefore as secret as the data folder.
extension Store {
    private static let keyTable = "backup_key"

    /// Writes a copy to `path` while the server runs.
    ///
    /// A file that is there already is not overwritten.
    ///
    /// - Parameter key: the contents of the key file.
    func backup(to path: String, key: Data) throws {
        guard access(path, F_OK) != 0 else { throw DatabaseError.backupExists(path: path) }
        let draft = path + ".incomplete"
        Self.discard(draft)
        defer { Self.discard(draft) }
        try database.backup(to: draft)
        let copy = try Database(path: draft, readers: 1, migrations: Self.migrations)
        try copy.writeSync { connection in
            try connection.execute("CREATE TABLE \(Self.keyTable) (key BLOB NOT NULL) STRICT")
            try connection.execute("INSERT INTO \(Self.keyTable) (key) VALUES (?)", key)
        }
        try copy.backup(to: path)
        copy.close()
    }

    /// Checks the backup at `path` and takes it apart into a database at `target` and the contents of its key file.
    ///
    /// - Throws: `DatabaseError` when it is no database, damaged, or of a newer version.
    static func unpackBackup(_ path: String, to target: String) throws -> Data? {
        let draft = target + ".incomplete"
        discard(draft)
        discard(target)
        defer { discard(draft) }
        try Data(contentsOf: URL(filePath: path)).write(to: URL(filePath: draft))
        let copy = try Database(path: draft, readers: 1, migrations: migrations)
        defer { copy.close() }
        try copy.checkIntegrity()
        let key: Data? = try copy.writeSync { connection in
            let tables = try connection.query("SELECT name FROM sqlite_schema WHERE name = ?", keyTable) {
                try $0.string("name")
            }
            guard !tables.isEmpty else { return nil }
            let key = try connection.first("SELECT key FROM \(keyTable)") { try $0.data("key") }
            try connection.execute("DROP TABLE \(keyTable)")
            return key
        }
        try copy.backup(to: target)
        return key
    }

    /// Removes a database file with all that belongs to it.
    private static func discard(_ path: String) {
        for suffix in ["", "-wal", "-shm", "-mark", ".partial"] { unlink(path + suffix) }
    }
}
