/// Brings a file to the newest schema, one transaction for each step, so that a failed or killed start goes on where it
/// was.
struct Migrator {
    let path: String
    let migrations: [Migration]

    init(path: String, migrations: [Migration]) {
        let numbers = migrations.map(\.number)
        precondition(
            numbers.allSatisfy { $0 > 0 } && zip(numbers, numbers.dropFirst()).allSatisfy(<),
            "migrations are numbered upwards from 1"
        )
        self.path = path
        self.migrations = migrations
    }

    /// Applies what is missing.
    func run(on connection: Connection) throws {
        let version = try refuseNewerSchema(on: connection)
        let missing = migrations.drop { $0.number <= version }
        guard !missing.isEmpty else { return }
        // A step that rebuilds a table must be able to drop the old one while others refer to it. SQLite ignores this
        // setting inside a transaction, so it goes around them, and each step checks all keys before its commit.
        try connection.execute("PRAGMA foreign_keys = OFF")
        defer { try? connection.execute("PRAGMA foreign_keys = ON") }
        for migration in missing { try run(migration, on: connection) }
    }

    private func refuseNewerSchema(on connection: Connection) throws -> Int {
        let found = try version(of: connection)
        let known = migrations.last?.number ?? 0
        guard found <= known else { throw DatabaseError.newerSchema(path: path, found: found, known: known) }
        return found
    }

    private func version(of connection: Connection) throws -> Int {
        try connection.first("PRAGMA user_version") { row in try row.int(0) } ?? 0
    }

    private func run(_ migration: Migration, on connection: Connection) throws {
        try connection.execute("BEGIN IMMEDIATE")
        do {
            // Read again under the lock: another process may have applied it meanwhile.
            if try version(of: connection) < migration.number {
                try migration.apply(connection)
                try checkForeignKeys(on: connection)
                try record(migration, on: connection)
            }
            try connection.execute("COMMIT")
        } catch {
            if connection.isInTransaction { try? connection.execute("ROLLBACK") }
            throw Self.explain(error, of: migration, path: path)
        }
    }

    private func checkForeignKeys(on connection: Connection) throws {
        let broken = try connection.first("PRAGMA foreign_key_check") { row in try row.string(0) }
        guard let broken else { return }
        throw SQLiteError(.constraintForeignKey, "rows of table \(broken) refer to rows that are not there")
    }

    private func record(_ migration: Migration, on connection: Connection) throws {
        try connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT"
        )
        try connection.execute(
            "INSERT INTO schema_migrations (number, name) VALUES (?, ?)",
            migration.number,
            migration.name
        )
        // A PRAGMA takes no bound values; the number is ours.
        try connection.execute("PRAGMA user_version = \(migration.number)")
    }

    private static func explain(_ error: any Error, of migration: Migration, path: String) -> any Error {
        if let error = error as? SQLiteError, error.isFull || error.isCorrupt || error.isBusy {
            return DatabaseError(error, path: path)
        }
        return DatabaseError.migrationFailed(number: migration.number, name: migration.name, cause: error)
    }
}
