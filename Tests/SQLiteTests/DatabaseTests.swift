import FoundationEssentials
import Glibc
import Testing

@testable import SQLite

struct DatabaseTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("a read sees one snapshot, whatever is written meanwhile", .timeLimit(.minutes(1)))
    func snapshot() throws {
        let database = try folder.open()
        try database.read { connection in
            #expect(try connection.titleCount() == 0)
            try database.writeSync { try $0.execute("INSERT INTO titles (title) VALUES ('a')") }
            #expect(try connection.titleCount() == 0)
        }
        #expect(try database.titleCount() == 1)
    }

    @Test("more reads than readers take turns", .timeLimit(.minutes(1)))
    func manyReads() async throws {
        let database = try folder.open()
        try await database.add("a")
        let sum = try await withThrowingTaskGroup { group in
            for _ in 0..<200 { group.addTask { try database.titleCount() } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 200)
    }

    @Test("a read cannot write")
    func readOnly() throws {
        let database = try folder.open()
        let error = #expect(throws: SQLiteError.self) {
            try database.read { try $0.execute("INSERT INTO titles (title) VALUES ('a')") }
        }
        #expect(error?.resultCode.primary == .readOnly)
    }

    @Test("the file, its log and its mark are for the owner alone, also if they were not")
    func modes() throws {
        let database = try folder.open()
        try database.writeSync { try $0.execute("INSERT INTO titles (title) VALUES ('a')") }
        for suffix in ["", "-wal", "-shm", "-mark"] { #expect(folder.mode(suffix) == 0o600) }
        database.close()
        chmod(folder.database, 0o644)
        _ = try folder.open()
        #expect(folder.mode() == 0o600)
    }

    @Test(
        "a file that is not a database is refused with what to do, and left as it is",
        arguments: [10, 4096, 100_000]
    )
    func notADatabase(size: Int) throws {
        let garbage = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
        try garbage.write(to: URL(filePath: folder.database))
        let error = #expect(throws: DatabaseError.self) { _ = try folder.open() }
        #expect("\(try #require(error))".contains("kinodock restore FILE"))
        #expect(try Data(contentsOf: URL(filePath: folder.database)) == garbage)
    }

    /// Makes a database of at least 9 MiB, which is too large to be checked at each start.
    private func makeLarge() throws {
        let database = try folder.open()
        try database.writeSync { connection in
            try connection.execute(
                """
                INSERT INTO titles (title) SELECT value || hex(randomblob(500)) FROM (
                  WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 6000)
                  SELECT value FROM n)
                """
            )
        }
        database.close()
    }

    @Test("damage in the middle of a large file is found at the start")
    func damage() throws {
        try makeLarge()
        let file = Glibc.open(folder.database, O_WRONLY)
        defer { Glibc.close(file) }
        let garbage = [UInt8](repeating: 0xAA, count: 8192)
        #expect(pwrite(file, garbage, garbage.count, 4096 * 100) == garbage.count)
        let error = #expect(throws: DatabaseError.self) { _ = try folder.open() }
        guard case .corrupt = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
    }

    @Test("a large file is read in full only if something else than an orderly close left it")
    func checkOnlyIfNeeded() throws {
        try makeLarge()
        let first = try folder.open()
        #expect(!first.wasChecked)
        let beside = try folder.open()
        #expect(!beside.wasChecked)
        beside.close()
        first.close()
        // As after a power cut: the mark of another boot.
        let mark = folder.database + "-mark"
        #expect(try String(contentsOf: URL(filePath: mark), encoding: .utf8).hasPrefix("closed "))
        try Data("open another-boot\n".utf8).write(to: URL(filePath: mark))
        let afterPowerCut = try folder.open()
        #expect(afterPowerCut.wasChecked)
        // As after a kill: the process is gone, the machine went on.
        #expect(try String(contentsOf: URL(filePath: mark), encoding: .utf8).hasPrefix("open "))
        let left = try Data(contentsOf: URL(filePath: mark))
        afterPowerCut.close()
        try left.write(to: URL(filePath: mark))
        let afterKill = try folder.open()
        #expect(!afterKill.wasChecked)
        afterKill.close()
        try FileManager.default.removeItem(atPath: mark)
        #expect(try folder.open().wasChecked)
    }

    @Test(
        "a missing folder and a folder in place of the file are named with what to do",
        arguments: ["/missing/test.db", ""]
    )
    func notWritable(name: String) throws {
        let path = folder.path + name
        let error = #expect(throws: DatabaseError.self) { _ = try Database(path: path, migrations: []) }
        let text = "\(try #require(error))"
        #expect(text.contains(path))
        #expect(text.contains("--data"))
    }

    @Test("a full disk is told in clear words")
    func fullDisk() throws {
        let tooLarge = Migration(
            number: 1,
            name: "large",
            sql: "PRAGMA max_page_count = 10; CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(1000000))"
        )
        let error = #expect(throws: DatabaseError.self) { _ = try folder.open([tooLarge]) }
        #expect("\(try #require(error))".contains("full"))
    }

    @Test("a full disk inside a group fails the change, not the ones after it", .timeLimit(.minutes(1)))
    func fullDiskInGroup() async throws {
        let database = try folder.open()
        try database.writeSync { try $0.execute("PRAGMA max_page_count = 40") }
        async let small: Void = database.add("kept")
        let error = await #expect(throws: SQLiteError.self) {
            try await database.write {
                try $0.execute("INSERT INTO titles (title) VALUES (hex(zeroblob(1000000)))")
            }
        }
        #expect(error?.isFull == true)
        try? await small
        try await database.add("later")
        #expect(try database.titleCount() >= 1)
    }

    @Test("many who open a new file at once all get it", .timeLimit(.minutes(1)))
    func openedAtOnce() async throws {
        let databases = try await withThrowingTaskGroup(of: Database.self) { group in
            for _ in 0..<8 { group.addTask { try folder.open() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (number, database) in databases.enumerated() { try await database.add("\(number)") }
        #expect(try databases[0].titleCount() == 8)
    }

    @Test("opening a file again leaves the locks of the one who has it open")
    func locks() throws {
        let database = try folder.open()
        let held = try locks(on: folder.database)
        #expect(held > 0)
        try DatabaseFile(path: folder.database).prepare()
        #expect(try locks(on: folder.database) == held)
        database.close()
    }

    /// How many locks the kernel knows on a file.
    private func locks(on path: String) throws -> Int {
        var status = stat()
        #expect(stat(path, &status) == 0)
        // A file of the kernel has no size, so it is read until its end.
        let file = Glibc.open("/proc/locks", O_RDONLY)
        defer { Glibc.close(file) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var count = read(file, &buffer, buffer.count)
        while count > 0 {
            text += String(decoding: buffer.prefix(count), as: UTF8.self)
            count = read(file, &buffer, buffer.count)
        }
        return text.split(separator: "\n").filter { $0.contains("POSIX") && $0.contains(":\(status.st_ino) ") }.count
    }
}
