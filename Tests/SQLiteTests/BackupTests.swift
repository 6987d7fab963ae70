import FoundationEssentials
import Glibc
import SQLite
import Testing

struct BackupTests {
    private let folder: Folder
    private let database: Database
    private var target: String { folder.path + "/copy.db" }

    init() throws {
        folder = try Folder()
        database = try folder.open()
    }

    @Test("a backup under concurrent writes is whole and holds a prefix of them", .timeLimit(.minutes(1)))
    func concurrent() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<300 { try await database.add("before \(number)") }
            group.addTask { for number in 0..<300 { try await database.add("during \(number)") } }
            group.addTask { try database.backup(to: target) }
            try await group.waitForAll()
        }
        var status = stat()
        #expect(stat(target, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(!FileManager.default.fileExists(atPath: target + ".partial"))
        let copy = try Database(path: target, migrations: Folder.titles)
        try copy.checkIntegrity()
        let count = try copy.titleCount()
        #expect(count >= 300)
        let last = try copy.read {
            try $0.first("SELECT title FROM titles ORDER BY id DESC") { row in try row.string(0) }
        }
        #expect(last == (count == 300 ? "before 299" : "during \(count - 301)"))
    }

    @Test("a file that is there is never overwritten")
    func refusesToOverwrite() throws {
        try Data("mine".utf8).write(to: URL(filePath: target))
        let error = #expect(throws: DatabaseError.self) { try database.backup(to: target) }
        guard case .backupExists = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(try Data(contentsOf: URL(filePath: target)) == Data("mine".utf8))
        #expect(!FileManager.default.fileExists(atPath: target + ".partial"))
    }

    @Test("what a killed backup left behind is no hindrance")
    func staleRest() throws {
        try Data(repeating: 7, count: 100_000).write(to: URL(filePath: target + ".partial"))
        try database.backup(to: target)
        #expect(try Database(path: target, migrations: Folder.titles).titleCount() == 0)
    }

    @Test("two backups to one name at once give one backup and one refusal", .timeLimit(.minutes(1)))
    func race() async throws {
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<2 { group.addTask { (try? database.backup(to: target)) != nil } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.filter { $0 }.count == 1)
        #expect(try Database(path: target, migrations: Folder.titles).titleCount() == 0)
    }

    @Test("a missing folder is told in words")
    func missingFolder() throws {
        let error = #expect(throws: DatabaseError.self) { try database.backup(to: folder.path + "/missing/copy.db") }
        #expect("\(try #require(error))".contains("No such file or directory"))
    }
}
