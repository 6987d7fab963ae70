import FoundationEssentials
import SQLite

/// Everything that outlives a restart.
///
/// All SQL of the server is in this folder.
///
/// Reads are synchronous and short. Writes wait for the disk: when one has returned, its change survives a power cut.
struct Store: Sendable {
    let database: Database

    /// Opens the database at `path`, making or migrating it.
    init(path: String) throws {
        database = try Database(path: path, readers: 2, migrations: Self.migrations)
    }

    func close() {
        database.close()
    }
}
