import FoundationEssentials
import Glibc
import SQLite
import Testing

/// A folder for the databases of one test, which goes with it.
final class Folder: Sendable {
    let path: String
    var database: String { path + "/test.db" }

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/kinodock-sqlite-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static let titles = [
        Migration(
            number: 1,
            name: "titles",
            sql: "CREATE TABLE titles (id INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE)"
        )
    ]

    func open(_ migrations: [Migration] = titles, readers: Int = 2, tuning: Tuning = Tuning()) throws -> Database {
        try Database(path: database, readers: readers, migrations: migrations, tuning: tuning)
    }

    func mode(_ suffix: String = "") -> mode_t {
        var status = stat()
        return stat(database + suffix, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

extension Database {
    /// How many titles a new read sees.
    func titleCount() throws -> Int { try read { try $0.titleCount() } }

    func add(_ title: String) async throws {
        try await write { connection in try connection.execute("INSERT INTO titles (title) VALUES (?)", title) }
    }
}

extension Connection {
    func titleCount() throws -> Int {
        try #require(try first("SELECT count(*) FROM titles") { row in try row.int(0) })
    }
}
