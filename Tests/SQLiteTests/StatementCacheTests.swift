import Testing

@testable import SQLite

struct StatementCacheTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("keeps the statements used last, up to its capacity")
    func bounded() throws {
        var tuning = Tuning()
        tuning.statements = 4
        let database = try folder.open([], tuning: tuning)
        try database.writeSync { connection in
            for number in 0..<100 {
                try connection.execute("SELECT \(number)")
                try connection.execute("SELECT 'often'")
                #expect(connection.cache.count <= 4)
            }
            #expect(connection.cache.contains("SELECT 'often'"))
            #expect(connection.cache.contains("SELECT 99"))
            #expect(!connection.cache.contains("SELECT 90"))
        }
    }

    @Test("a statement can run inside its own loop")
    func nested() throws {
        let database = try folder.open([])
        let sql = "SELECT value FROM json_each('[1,2]')"
        var pairs = 0
        try database.read { connection in
            try connection.forEach(sql) { _ in try connection.forEach(sql) { _ in pairs += 1 } }
        }
        #expect(pairs == 4)
    }

    @Test("a loop that throws leaves its statement ready for the next use")
    func resetAfterError() throws {
        struct Stop: Error {}
        let database = try folder.open([])
        let sql = "SELECT value FROM json_each('[1,2]')"
        try database.read { connection in
            #expect(throws: Stop.self) { try connection.forEach(sql) { _ in throw Stop() } }
            let values = try connection.query(sql) { row in try row.int(0) }
            #expect(values == [1, 2])
        }
    }
}
