import FoundationEssentials
import SQLite
import Testing

struct WriterTests {
    private struct Refused: Error {}

    private let folder: Folder
    private let database: Database

    init() throws {
        folder = try Folder()
        database = try folder.open()
    }

    /// Starts many changes while the writer is held, so that they share a transaction; every fifth throws.
    private func writeGroup(count: Int) async throws -> [Bool] {
        try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
            for number in 0..<count {
                group.addTask { [database] in
                    do {
                        try await database.write { connection in
                            try connection.execute("INSERT INTO titles (title) VALUES (?)", "title \(number)")
                            if number % 5 == 0 { throw Refused() }
                        }
                        return (number, true)
                    } catch is Refused {
                        return (number, false)
                    }
                }
            }
            return try await group.reduce(into: [Bool](repeating: false, count: count)) { $0[$1.0] = $1.1 }
        }
    }

    @Test("a change that throws takes back itself alone; its neighbours are kept", .timeLimit(.minutes(1)))
    func groupRollback() async throws {
        let results = try await writeGroup(count: 500)
        #expect(results == (0..<500).map { $0 % 5 != 0 })
        #expect(try database.titleCount() == 400)
        let kept = try database.read {
            try $0.first("SELECT count(*) FROM titles WHERE title IN ('title 0', 'title 5')") { row in try row.int(0) }
        }
        #expect(kept == 0)
    }

    @Test("a change that ends the transaction fails, and later ones work", .timeLimit(.minutes(1)))
    func endedTransaction() async throws {
        let error = await #expect(throws: SQLiteError.self) {
            try await database.write { connection in
                try connection.execute("INSERT INTO titles (title) VALUES ('lost')")
                try connection.execute("ROLLBACK")
            }
        }
        #expect(error?.resultCode == .misuse)
        try await database.add("kept")
        #expect(try database.titleCount() == 1)
    }

    @Test("a foreign key checked at the commit fails its own change alone", .timeLimit(.minutes(1)))
    func deferredForeignKey() async throws {
        try database.writeSync {
            try $0.execute(
                "CREATE TABLE notes (title INTEGER REFERENCES titles (id) DEFERRABLE INITIALLY DEFERRED)"
            )
        }
        async let good: Void = database.add("kept")
        let error = await #expect(throws: SQLiteError.self) {
            try await database.write { try $0.execute("INSERT INTO notes VALUES (99)") }
        }
        try await good
        #expect(error?.isForeignKey == true)
        #expect(try database.titleCount() == 1)
    }

    @Test("a unique violation is recognised")
    func unique() async throws {
        try await database.add("Alien")
        let error = await #expect(throws: SQLiteError.self) { try await database.add("Alien") }
        #expect(error?.isUnique == true)
        #expect(error?.isBusy == false)
        #expect("\(try #require(error))".contains("titles.title"))
    }

    @Test("a change answers with its value")
    func values() async throws {
        let id = try await database.write { connection in
            try connection.execute("INSERT INTO titles (id, title) VALUES (41, 'a'), (42, 'b')")
            return try connection.first("SELECT max(id) FROM titles") { try $0.int(0) }
        }
        #expect(id == 42)
    }

    @Test("a synchronous change that throws is taken back")
    func writeSync() throws {
        #expect(throws: Refused.self) {
            try database.writeSync { connection in
                try connection.execute("INSERT INTO titles (title) VALUES ('lost')")
                throw Refused()
            }
        }
        #expect(try database.titleCount() == 0)
    }

    @Test("what was answered is in the files at once, without a close", .timeLimit(.minutes(1)))
    func durable() async throws {
        _ = try await writeGroup(count: 100)
        // The log and the file as a killed process leaves them; the shared memory is rebuilt.
        let copy = try Folder()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: folder.database + suffix, toPath: copy.database + suffix)
        }
        let recovered = try copy.open()
        #expect(try recovered.titleCount() == 80)
        try recovered.checkIntegrity()
    }

    @Test("10,000 changes by 100 tasks", .timeLimit(.minutes(1)))
    func speed() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        await withTaskGroup { group in
            for task in 0..<100 {
                group.addTask { [database] in
                    for number in 0..<100 { try? await database.add("\(task) \(number)") }
                }
            }
        }
        print("10,000 group-committed writes took \(clock.now - start)")
        #expect(try database.titleCount() == 10_000)
    }

    @Test("closing finishes what waits, then refuses", .timeLimit(.minutes(1)))
    func close() async throws {
        async let results = writeGroup(count: 50)
        _ = try await results
        database.close()
        database.close()
        await #expect(throws: DatabaseError.self) { try await database.add("late") }
        #expect(throws: DatabaseError.self) { try database.writeSync { _ in } }
        #expect(throws: DatabaseError.self) { try database.titleCount() }
        #expect(try folder.open().titleCount() == 40)
    }

    @Test("the last reference may be let go of inside a change", .timeLimit(.minutes(1)))
    func lastReference() async throws {
        let other = try Folder()
        var opened: Database? = try other.open()
        try await opened?.write { [opened] connection in _ = opened?.path }
        opened = nil
        #expect(try other.open().titleCount() == 0)
    }
}
