import FoundationEssentials
import Glibc
import PluginAPI
import SQLite
import Testing

@testable import Host
@testable import PluginHosting

@Suite("The store")
struct StoreTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let clock = ManualClock()

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.path + "/kinodock.sqlite")
    }

    @Test("begins from nothing with every migration, and changes nothing at the second start")
    func migrations() throws {
        func schema(_ store: Store) throws -> [String] {
            try store.database.read { connection in
                try connection.query("SELECT name || coalesce(sql, '') AS line FROM sqlite_schema ORDER BY name") {
                    try $0.string("line")
                }
            }
        }
        let first = try schema(store)
        #expect(first.contains { $0.hasPrefix("queueCREATE TABLE") })
        #expect(try number(store) == Store.migrations.last?.number)
        store.close()
        let second = try Store(path: folder.path + "/kinodock.sqlite")
        #expect(try schema(second) == first)
    }

    private func number(_ store: Store) throws -> Int? {
        try store.database.read { try $0.first("PRAGMA user_version") { try $0.int(0) } }
    }

    @Test("migrations are numbered from 1 without a gap, and have names")
    func numbering() {
        #expect(Store.migrations.map(\.number) == Array(1...Store.migrations.count))
        #expect(Store.migrations.allSatisfy { !$0.name.isEmpty })
    }

    @Test("keys are shown with their state, and revoked by id, the begin of it, or name")
    func keys() throws {
        var ids: [String] = []
        for name in ["living room", "tv", "kitchen"] {
            let (key, _) = AccessKey.make(name: name, role: .user, now: clock.now)
            try store.insert(key)
            ids.append(key.id)
        }
        #expect(try store.revokeKey(ids[0], now: clock.now) == 1)
        #expect(try store.revokeKey("tv", now: clock.now) == 1)
        #expect(try store.revokeKey("no such key", now: clock.now) == 0)
        #expect(try store.revokeKey("", now: clock.now) == 0)
        #expect(try store.accessKeys().filter { $0.revoked == nil }.map(\.name) == ["kitchen"])
    }

    @Test("sessions outlive a restart until they expire")
    func sessions() async throws {
        let (session, _) = Session.make(for: Caller(role: .admin, keyID: "k"), now: clock.now)
        try await store.insert(session, now: clock.now)
        let stored = try #require(try store.sessions(now: clock.now).first)
        #expect(stored.hash == session.hash && stored.caller.role == .admin && stored.caller.keyID == "k")
        #expect(try store.sessions(now: session.expires).isEmpty)
        try await store.deleteSession(hash: session.hash)
        #expect(try store.sessions(now: clock.now).isEmpty)
    }

    @Test("numbers of a series never repeat")
    func series() throws {
        #expect(try store.reserve(10, of: "events") == 1)
        #expect(try store.reserve(5, of: "events") == 11)
        #expect(try store.reserve(1, of: "other") == 1)
        #expect(try store.reserve(1, of: "events") == 16)
    }

    @Test("the switches of plugins are kept")
    func switches() async throws {
        try await store.setDisabled("a", true)
        try await store.setDisabled("a", true)
        try await store.setDisabled("b", true)
        try await store.setDisabled("b", false)
        #expect(try store.marks() == ["a"])
    }

    @Test("an import replaces the row of the same path, and the older file that it takes the place of")
    func record() async throws {
        let item = QueueItem.sample("q")
        try await store.insert(item, source: .init(), now: clock.now)
        let first = ScriptedImporter.imported(item)
        try await store.record(first, item: item, now: clock.now)
        try await store.record(first, item: item, now: clock.now)
        #expect(try store.files().count == 1)
        let file = LibraryFile(
            id: "new",
            titleID: first.title.id,
            path: "/library/new.mkv",
            size: 9,
            quality: "Remux-2160p",
            subtitles: ["/library/new.srt"],
            queueID: "q",
            added: clock.now
        )
        let second = ImportedDownload(
            importID: "i2",
            title: first.title,
            media: first.media,
            files: [file],
            replaced: [first.files[0].path]
        )
        try await store.record(second, item: item, now: clock.now)
        #expect(try store.files(of: first.title.id) == [file])
        try await store.deleteTitle(first.title.id, now: clock.now)
        #expect(try store.files().isEmpty)
    }

    @Test("a title is found by its name in any case")
    func titles() async throws {
        let title = Title(
            id: "t",
            kind: .movie,
            title: "Big Buck Bunny",
            year: 2008,
            tmdbID: 10_378,
            genres: ["Animation"],
            added: clock.now
        )
        try await store.insert(title)
        #expect(try store.title("t") == title)
        #expect(try store.title(kind: .movie, named: "big buck BUNNY", year: 2008)?.id == "t")
        #expect(try store.title(kind: .movie, named: "Big Buck Bunny", year: nil) == nil)
        #expect(try store.title(kind: .series, named: "Big Buck Bunny", year: 2008) == nil)
        #expect(try store.titles(kind: .series).isEmpty && store.titles().count == 1)
    }

    @Test("a backup gives the database and the key back, and keeps the key to itself")
    func backup() throws {
        let key = Data("0123456789abcdef0123456789abcdef".utf8)
        try store.mark("mark")
        let copy = folder.path + "/copy"
        try store.backup(to: copy, key: key)
        #expect(try Data(contentsOf: URL(filePath: copy)).holds("0123456789abcdef"))
        let target = folder.path + "/restored"
        #expect(try Store.unpackBackup(copy, to: target) == key)
        #expect(try !Data(contentsOf: URL(filePath: target)).holds("0123456789abcdef"))
        let restored = try Store(path: target)
        #expect(try restored.marks() == ["mark"])
        #expect(folder.tree().filter { $0.contains("incomplete") }.isEmpty)
    }

    @Test("a backup overwrites nothing")
    func occupied() throws {
        let copy = try folder.write("copy", [1, 2, 3])
        #expect(throws: DatabaseError.self) { try store.backup(to: copy, key: Data([1])) }
        #expect(TemporaryFolder.content(copy) == [1, 2, 3])
    }

    @Test("what is no backup is refused and leaves nothing behind", arguments: [true, false])
    func noBackup(isDatabase: Bool) throws {
        let source = try folder.write("source", Array((isDatabase ? "SQLite format 3\0 and no more" : "words").utf8))
        #expect(throws: (any Error).self) { try Store.unpackBackup(source, to: folder.path + "/target") }
        #expect(folder.tree().filter { $0.hasPrefix("target") }.isEmpty)
    }
}

@Suite("The data folder")
struct DataFolderTests {
    private let folder: TemporaryFolder
    private let configuration: ServerConfiguration

    init() throws {
        folder = try TemporaryFolder()
        configuration = ServerConfiguration(
            dataDirectory: folder.path + "/data",
            pluginFolders: [],
            runnerPath: "",
            libraryDirectory: folder.path + "/library"
        )
        try DataFolder(configuration).prepare()
    }

    private func backup(mark: String, key: String) throws -> String {
        let store = try Store(path: folder.path + "/other-\(mark).sqlite")
        defer { store.close() }
        try store.mark(mark)
        try store.backup(to: folder.path + "/backup-" + mark, key: Data(key.utf8))
        return folder.path + "/backup-" + mark
    }

    private func marks() throws -> Set<String> {
        let store = try Store(path: configuration.databasePath)
        defer { store.close() }
        return try store.marks()
    }

    @Test("is for its owner alone")
    func mode() throws {
        var status = stat()
        #expect(stat(configuration.dataDirectory, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o700)
    }

    @Test("without a staged backup nothing happens")
    func nothingStaged() throws {
        #expect(try DataFolder(configuration).applyStagedRestore() == nil)
        #expect(folder.tree("data").isEmpty)
    }

    @Test("a staged backup takes the database's place with its key, and the old ones are kept")
    func restore() throws {
        let store = try Store(path: configuration.databasePath)
        try store.mark("old")
        store.close()
        try folder.write("data/secret.key", Array("old key".utf8))
        let data = DataFolder(configuration)
        try data.stage(backup: try backup(mark: "new", key: "new key"))
        #expect(try marks() == ["old"])
        let old = try #require(try data.applyStagedRestore())
        #expect(try marks() == ["new"])
        #expect(TemporaryFolder.content(configuration.keyPath) == Array("new key".utf8))
        #expect(TemporaryFolder.content(configuration.keyPath + ".before-restore") == Array("old key".utf8))
        let before = try Store(path: old)
        #expect(try before.marks() == ["old"])
        #expect(try data.applyStagedRestore() == nil)
        var status = stat()
        #expect(stat(configuration.keyPath, &status) == 0 && status.st_mode & 0o077 == 0)
    }

    @Test("of two staged backups the last one counts")
    func stagedTwice() throws {
        let data = DataFolder(configuration)
        try data.stage(backup: try backup(mark: "first", key: "1"))
        try data.stage(backup: try backup(mark: "second", key: "2"))
        #expect(try data.applyStagedRestore() == nil)
        #expect(try marks() == ["second"])
    }

    @Test("what is no backup is not staged")
    func refused() throws {
        let source = try folder.write("source", Array("words".utf8))
        #expect(throws: (any Error).self) { try DataFolder(configuration).stage(backup: source) }
        #expect(try DataFolder(configuration).applyStagedRestore() == nil)
    }

    @Test("belongs to one server at a time")
    func lock() throws {
        let data = DataFolder(configuration)
        #expect(data.serverPID() == nil)
        try data.lock()
        let error = try #require(throws: CommandFailure.self) { try data.lock() }
        #expect(error.message.contains(String(getpid())) && data.serverPID() == getpid())
    }
}

/// Something that is kept, to tell one database from another.
extension Store {
    fileprivate func mark(_ id: String) throws {
        try database.writeSync { try $0.execute("INSERT INTO disabled_plugins (id) VALUES (?)", id) }
    }

    fileprivate func marks() throws -> Set<String> { try rememberedPlugins().settings.disabled }
}
