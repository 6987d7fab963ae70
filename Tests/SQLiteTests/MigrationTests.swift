import SQLite
import Testing

struct MigrationTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private let years = Migration(number: 3, name: "years", sql: "ALTER TABLE titles ADD COLUMN year INTEGER")

    private func record(in database: Database) throws -> [String] {
        try database.read { connection in
            try connection.query("SELECT number, name FROM schema_migrations ORDER BY number") { row in
                "\(try row.int("number")) \(try row.string("name"))"
            }
        }
    }

    @Test("applies what is missing, once, and records it")
    func applies() async throws {
        let first = try folder.open()
        try await first.add("Alien")
        first.close()
        for _ in 0..<2 {
            let database = try folder.open(Folder.titles + [years])
            #expect(try record(in: database) == ["1 titles", "3 years"])
            #expect(try database.titleCount() == 1)
            database.close()
        }
    }

    @Test("a step that fails is taken back whole, names itself, and can succeed later")
    func resumes() throws {
        let broken = Migration(number: 2, name: "broken", sql: "CREATE TABLE half (a); CREATE TABLE titles (b)")
        let error = #expect(throws: DatabaseError.self) { _ = try folder.open(Folder.titles + [broken, years]) }
        #expect("\(try #require(error))".contains("Step 2 (broken)"))
        let mended = Migration(number: 2, name: "mended", sql: "CREATE TABLE half (a)")
        let database = try folder.open(Folder.titles + [mended, years])
        #expect(try record(in: database) == ["1 titles", "2 mended", "3 years"])
    }

    @Test("a newer schema is refused with both numbers, and left as it is")
    func newerSchema() throws {
        try folder.open(Folder.titles + [years]).close()
        let error = #expect(throws: DatabaseError.self) { _ = try folder.open() }
        guard case .newerSchema(_, found: 3, known: 1) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect("\(try #require(error))".contains("kinodock restore FILE"))
        #expect(try record(in: folder.open(Folder.titles + [years])) == ["1 titles", "3 years"])
    }

    private let parents = Migration(
        number: 1,
        name: "parents",
        sql: """
            CREATE TABLE parents (id INTEGER PRIMARY KEY);
            CREATE TABLE children (parent INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE);
            INSERT INTO parents VALUES (1); INSERT INTO children VALUES (1);
            """
    )

    @Test("a step can rebuild a table that others refer to, and foreign keys hold afterwards")
    func rebuild() throws {
        let rebuild = Migration(
            number: 2,
            name: "rebuild",
            sql: """
                CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO fresh (id) SELECT id FROM parents;
                DROP TABLE parents; ALTER TABLE fresh RENAME TO parents;
                """
        )
        let database = try folder.open([parents, rebuild])
        let children = try database.read { try $0.first("SELECT count(*) FROM children") { row in try row.int(0) } }
        #expect(children == 1)
        let error = #expect(throws: SQLiteError.self) {
            try database.writeSync { try $0.execute("INSERT INTO children VALUES (9)") }
        }
        #expect(error?.isForeignKey == true)
    }

    @Test("a step that leaves broken references is taken back")
    func brokenReferences() throws {
        let loss = Migration(number: 2, name: "loss", sql: "DELETE FROM parents")
        let error = #expect(throws: DatabaseError.self) { _ = try folder.open([parents, loss]) }
        #expect("\(try #require(error))".contains("children"))
        let rows = try folder.open([parents]).read {
            try $0.first("SELECT count(*) FROM parents") { row in try row.int(0) }
        }
        #expect(rows == 1)
    }

    private let search = Migration(
        number: 2,
        name: "search",
        sql: """
            CREATE VIRTUAL TABLE search USING fts5(title, content='titles', content_rowid='id');
            """
    )
    private let trigger = Migration(
        number: 3,
        name: "search trigger",
        sql: """
            CREATE TRIGGER added AFTER INSERT ON titles BEGIN
              INSERT INTO search (rowid, title) VALUES (new.id, new.title);
            END;
            """
    )

    private func found(in database: Database) throws -> [String] {
        try database.read {
            try $0.query("SELECT title FROM search WHERE search MATCH ?", "runner") { row in try row.string("title") }
        }
    }

    @Test("a change can write a full-text index beside its table")
    func fullText() throws {
        let database = try folder.open(Folder.titles + [search])
        try database.writeSync { connection in
            try connection.execute("INSERT INTO titles (id, title) VALUES (7, 'Blade Runner')")
            try connection.execute("INSERT INTO search (rowid, title) VALUES (7, 'Blade Runner')")
        }
        #expect(try found(in: database) == ["Blade Runner"])
    }

    @Test("triggers write a full-text index only in a schema that is trusted", arguments: [true, false])
    func fullTextTrigger(isTrusted: Bool) throws {
        var tuning = Tuning()
        tuning.trustsSchema = isTrusted
        let database = try folder.open(Folder.titles + [search, trigger], tuning: tuning)
        func insert() throws {
            try database.writeSync { try $0.execute("INSERT INTO titles (title) VALUES ('Blade Runner')") }
        }
        if isTrusted {
            try insert()
            #expect(try found(in: database) == ["Blade Runner"])
        } else {
            let error = #expect(throws: SQLiteError.self) { try insert() }
            #expect("\(try #require(error))".contains("unsafe use of virtual table"))
        }
    }
}
