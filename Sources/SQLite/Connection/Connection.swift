internal import CSQLite

/// A connection to the database, lent to the closures of `Database.read` and `Database.write`.
///
/// It must not leave the closure. The transaction around the closure is the database's: SQL that begins, commits or
/// rolls back does not belong in it.
package final class Connection {
    /// What a connection may do.
    enum Mode { case readOnly, readWrite, create }

    let handle: OpaquePointer
    private(set) var cache: StatementCache

    /// Opens a file without setting anything.
    ///
    /// - Parameter statements: how many prepared statements to keep.
    init(path: String, mode: Mode, statements: Int) throws(SQLiteError) {
        // Must happen before the first connection of the process; a later call has no effect.
        _ = Self.withoutStatistics
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, Self.flags(mode), nil)
        guard code == SQLITE_OK, let opened else {
            let error = SQLiteError(code, on: opened)
            sqlite3_close_v2(opened)
            throw error
        }
        handle = opened
        cache = StatementCache(capacity: statements)
        kinodock_sqlite_harden(handle)
    }

    deinit { close() }

    private static let withoutStatistics = kinodock_sqlite_without_statistics()

    private static func flags(_ mode: Mode) -> Int32 {
        // No mutex: a connection is used by one thread at a time, which the pool and the writer see to.
        let common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        return switch mode {
        case .readOnly: common | SQLITE_OPEN_READONLY
        case .readWrite: common | SQLITE_OPEN_READWRITE
        case .create: common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        }
    }

    private var isClosed = false

    /// Gives everything back; later calls do nothing.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        cache.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Whether a transaction is open; SQLite ends one by itself after some failures, such as a full disk.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Throws if a foreign key that is checked at the end of the transaction leads nowhere as of now.
    func refuseOpenForeignKeys() throws(SQLiteError) {
        var open: Int32 = 0
        var highest: Int32 = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0)
        guard open != 0 else { return }
        throw SQLiteError(.constraintForeignKey, "a row refers to one that is not there at the end of the change")
    }

    /// Takes a statement back after use, whether it failed or not.
    func giveBack(_ statement: Statement) {
        statement.reset()
        cache.put(statement)
    }

    /// A statement for `sql`, out of the cache if it is there; to be given back.
    func takeStatement(_ sql: String) throws(SQLiteError) -> Statement {
        if let statement = cache.take(sql) { return statement }
        return try Statement(sql, on: handle)
    }
}
