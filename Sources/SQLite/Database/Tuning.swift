/// How much memory and patience the connections get.
package struct Tuning: Sendable {
    /// KiB of pages that each reader keeps once it has read that much.
    ///
    /// Pages of 20 out of 100,000 movies (a file of 144 MB, two readers, one run): 13,000 a second with 2 MiB, 28,000
    /// with 8 MiB, 27,000 with 16 MiB.
    package var readerCacheKiB = 8192
    /// KiB of pages that the writer keeps.
    package var writerCacheKiB = 2048
    /// MiB of the file that each reader sees without copying.
    ///
    /// Pages that were touched count as resident memory, once for each reader. In the run above, 16 MiB gained nothing
    /// and cost 27 MiB; the whole file gained a factor of two over 8 MiB of cache and cost 230 MiB.
    package var mappedMiB = 0
    /// Prepared statements that each connection keeps.
    package var statements = 64
    /// How long to wait for another process that holds the lock.
    package var busyMilliseconds = 5000
    /// Whether triggers and views may use functions and virtual tables that the schema could abuse.
    ///
    /// Off, a doctored file cannot do harm through them. The SQLite of Debian 12 counts FTS5 among them: with this off,
    /// a full-text index is written beside its table by the change itself, not by a trigger.
    package var trustsSchema = false
    /// The most jobs in one transaction of the writer: it bounds how long the first waits for the others.
    package var groupLimit = 256

    /// What suits a home server.
    package init() {}

    /// The writer: power loss must lose nothing that was acknowledged, so each commit is synced (FULL).
    func openWriter(path: String) throws(SQLiteError) -> Connection {
        let connection = try open(path: path, mode: .create, cacheKiB: writerCacheKiB)
        let mode = Result { try connection.first("PRAGMA journal_mode = WAL") { row in try row.string(0) } }
        guard case .success("wal") = mode else {
            throw (mode.error as? SQLiteError)
                ?? SQLiteError(.cannotOpen, "the file system cannot share memory between connections (WAL)")
        }
        try connection.execute("PRAGMA synchronous = FULL")
        // A burst of writes may grow the log; afterwards it shall not keep the disk.
        try connection.execute("PRAGMA journal_size_limit = 16777216")
        return connection
    }

    func openReader(path: String) throws(SQLiteError) -> Connection {
        let connection = try open(path: path, mode: .readOnly, cacheKiB: readerCacheKiB)
        try connection.execute("PRAGMA mmap_size = \(mappedMiB << 20)")
        return connection
    }

    private func open(path: String, mode: Connection.Mode, cacheKiB: Int) throws(SQLiteError) -> Connection {
        let connection = try Connection(path: path, mode: mode, statements: statements)
        try connection.execute("PRAGMA busy_timeout = \(busyMilliseconds)")
        try connection.execute("PRAGMA trusted_schema = \(trustsSchema ? "ON" : "OFF")")
        try connection.execute("PRAGMA foreign_keys = ON")
        try connection.execute("PRAGMA temp_store = MEMORY")
        try connection.execute("PRAGMA cache_size = -\(cacheKiB)")
        return connection
    }
}

extension Result {
    fileprivate var error: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
