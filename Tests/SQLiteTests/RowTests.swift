import FoundationEssentials
import SQLite
import Testing

private enum State: String, SQLiteBindable {
    case running, done
}

struct RowTests {
    private let folder: Folder
    private let database: Database

    init() throws {
        folder = try Folder()
        database = try folder.open([])
    }

    @Test(
        "each value comes back as it was bound",
        arguments: [
            .null, .integer(.min), .integer(0), .real(0.5), .text(""), .text("ä\u{0}b"),
            .text(String(repeating: "x", count: 70_000)),
            .blob(Data()), .blob(Data([0, 255])),
        ] as [SQLiteValue]
    )
    func roundTrip(value: SQLiteValue) throws {
        #expect(try database.read { try $0.first("SELECT ?", value) { row in try row.value(0) } } == value)
    }

    @Test("Swift types bind as what SQLite has for them")
    func bindables() throws {
        let none: String? = nil
        let types = try database.read { connection in
            try connection.first(
                "SELECT typeof(?) || typeof(?) || typeof(?) || typeof(?) || typeof(?) || ?",
                true,
                none,
                1.0,
                Data(),
                7,
                State.done
            ) { row in try row.string(0) }
        }
        #expect(types == "integernullrealblobintegerdone")
    }

    private func read<T>(_ body: (borrowing Row) throws -> T) throws -> T? {
        let sql = "SELECT 'a' AS title, 5 AS size, 1.5 AS score, 1 AS seen, x'01' AS art, NULL AS note"
        return try database.read { connection in try connection.first(sql, map: body) }
    }

    @Test("columns are read by name in any order, and by position")
    func names() throws {
        let numbers = try read { row in
            (
                try row.double("score"), try row.int("size"), try row.int64(1), try row.optionalInt("size"),
                row.columnCount
            )
        }
        #expect(try #require(numbers) == (1.5, 5, 5, 5, 6))
        let others = try read { row in
            (try row.bool("seen"), try row.string("title"), try row.data("art"), try row.data("title"))
        }
        #expect(try #require(others) == (true, "a", Data([1]), Data([0x61])))
        let missing = try read { row in
            (try row.isNull(row.index(of: "note")), try row.optionalString("note") == nil)
        }
        #expect(try #require(missing) == (true, true))
    }

    @Test("NULL, another type and a missing column throw an error that names the column")
    func mismatch() throws {
        func message(_ body: @escaping (borrowing Row) throws -> Void) throws -> String {
            let error = #expect(throws: SQLiteError.self) {
                try database.read { try $0.forEach("SELECT 'hidden' AS title, NULL AS note", body: body) }
            }
            let text = "\(try #require(error))"
            #expect(!text.contains("holds hidden"))
            return text
        }
        #expect(try message { _ = try $0.int("title") }.contains("column “title” holds text, but Int64 was asked for"))
        #expect(try message { _ = try $0.string("note") }.contains("column “note” holds NULL"))
        #expect(try message { _ = try $0.string("nope") }.contains("no column “nope”"))
        #expect(try message { _ = try $0.string(2) }.contains("no column 2"))
    }

    @Test("a wrong number of values is refused", arguments: [0, 1, 3])
    func bindingCount(count: Int) throws {
        let values = [any SQLiteBindable](repeating: 1, count: count)
        let error = #expect(throws: SQLiteError.self) {
            try database.read { try $0.query("SELECT ?, ?", bindings: values) { row in try row.int(0) } }
        }
        #expect(error?.resultCode == .range)
    }

    @Test("text with two statements or none is refused", arguments: ["SELECT 1; SELECT 2", "", " -- nothing"])
    func oneStatement(sql: String) throws {
        let error = #expect(throws: SQLiteError.self) { try database.read { try $0.execute(sql) } }
        #expect(error?.resultCode == .misuse)
    }

    @Test("a description shows the statement but no bound value")
    func descriptionHidesValues() throws {
        try database.writeSync { connection in
            try connection.executeScript("CREATE TABLE t (a TEXT UNIQUE); CREATE VIRTUAL TABLE f USING fts5(a)")
            try connection.execute("INSERT INTO t VALUES (?)", "hunter2")
        }
        let failures: [(String, String)] = [
            ("INSERT INTO t VALUES (?)", "hunter2"), ("SELECT * FROM f WHERE f MATCH ?", "\"hunter2"),
            ("SELECT * FROM f WHERE f MATCH ?", "hunter2:x"), ("SELECT json_extract(?, '$')", "{hunter2"),
        ]
        for (sql, value) in failures {
            let error = #expect(throws: SQLiteError.self) { try database.writeSync { try $0.execute(sql, value) } }
            let text = "\(try #require(error))"
            #expect(!text.contains("hunter2"))
            #expect(text.contains(sql))
        }
    }
}
