/// An SQLite file with one writer and several readers (WAL).
///
/// What `write` answered survives a kill of the process and a power cut. Files are for their owner alone (mode 0600).
package final class Database: Sendable {
    /// Where the file is.
    package let path: String
    /// Whether opening read the whole file for damage; if not, `checkIntegrity` can do it later, at leisure.
    package let wasChecked: Bool
    let tuning: Tuning
    private let readers: ReaderPool
    private let writer: Writer

    /// Files below this size are checked at each start: it takes some milliseconds.
    private static let alwaysCheckedSize = 8 << 20

    /// Opens or creates the file and brings it to the newest schema.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must exist.
    ///   - readers: how many reads may run at once.
    ///   - migrations: all steps of the schema, in order.
    package init(
        path: String,
        readers: Int = 2,
        migrations: [Migration],
        tuning: Tuning = Tuning()
    ) throws(DatabaseError) {
        precondition(readers > 0, "reading needs a connection")
        self.path = path
        self.tuning = tuning
        try DatabaseFile(path: path).prepare()
        let mark = ShutdownMark(databasePath: path)
        do {
            wasChecked = mark.beginUse(alwaysBelow: Self.alwaysCheckedSize)
            let connection = try tuning.openWriter(path: path)
            if wasChecked { try connection.checkIntegrity(path: path) }
            mark.markOpen()
            try Migrator(path: path, migrations: migrations).run(on: connection)
            self.readers = try ReaderPool(path: path, size: readers, tuning: tuning)
            writer = try Writer(path: path, connection: connection, groupLimit: tuning.groupLimit) { mark.endUse() }
        } catch let error as DatabaseError {
            throw error
        } catch let error as SQLiteError {
            throw DatabaseError(error, path: path)
        } catch {
            throw DatabaseError.failed(path: path, cause: SQLiteError(.error, "\(error)"))
        }
    }

    deinit { close() }

    /// Runs queries on one consistent snapshot, at the same time as others read and write.
    ///
    /// It blocks the calling thread while it runs and while all readers are busy. A read inside a read can wait for
    /// itself for ever.
    package func read<T>(_ body: (Connection) throws -> T) throws -> T { try readers.read(body) }

    /// Makes a change and answers when the disk has it.
    ///
    /// Changes that wait at the same time share a transaction, each in its own savepoint: one that throws takes back
    /// itself alone. The change sees those before it. It runs on the writer's thread, so it must not wait for anything.
    /// A cancelled task gets its change made all the same.
    ///
    /// It begins on the caller's executor: an actor's changes are made in the order in which it asks for them, as long as
    /// what lies in between is `nonisolated(nonsending)` too.
    package nonisolated(nonsending) func write<T: Sendable>(
        _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            writer.submit(AwaitedWrite(body, continuation))
        }
    }

    /// Makes a change on the calling thread, in a transaction of its own: for start-up and for commands.
    package func writeSync<T>(_ body: (Connection) throws -> T) throws -> T { try writer.writeNow(body) }

    /// Reads the whole file for damage, while others read and write.
    package func checkIntegrity() throws { try readers.read { try $0.checkIntegrity(path: path) } }

    /// Finishes the changes that wait and the reads that run, then closes the file; later uses throw `.closed`.
    ///
    /// It blocks the calling thread until that is done. Closing twice does nothing.
    package func close() {
        readers.close()
        writer.close()
    }
}

extension Connection {
    /// Reads all pages and compares the structure of tables and indexes, without the content of indexes.
    func checkIntegrity(path: String) throws {
        let finding = try first("PRAGMA quick_check(1)") { row in try row.string(0) }
        if finding != "ok" { throw DatabaseError.corrupt(path: path, detail: finding ?? "the check gave no answer") }
    }
}
