import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

/// Journals that are older than the library, because a full disk kept them from being forgotten.
@Suite(.timeLimit(.minutes(1)))
struct StaleImportTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let title = Title(id: "t1", kind: .movie, title: "Silent Harbor", added: Date(timeIntervalSince1970: 0))
    private let target: String

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.path + "/kinodock.sqlite")
        target = try folder.makeFolder("movies") + "/Silent Harbor (2011)/Silent Harbor (2011) [Bluray-1080p].mkv"
        try folder.write("downloads/Rel/film.mkv", size: 9000)
        try folder.write("downloads/Rel/film.en.srt", size: 20)
    }

    private var files: LocalFileSystem { LocalFileSystem() }

    private func importer() throws -> Importer {
        Importer(files: files, journal: store, naming: try Naming())
    }

    private func request(_ id: String, replaces: String? = nil, item: String = "q_1") -> ImportRequest {
        var request = ImportRequest(
            importID: id,
            queueItemID: item,
            releaseTitle: "Silent.Harbor.2011.1080p.BluRay.x264-CORAL",
            media: .movie(MovieFacts(title: "Silent Harbor", year: 2011), replaces: replaces),
            rootFolder: folder.path + "/movies"
        )
        request.isComplete = true
        request.contentPath = folder.path + "/downloads/Rel"
        return request
    }

    private func record(_ report: ImportReport, item id: String = "q_1") async throws {
        let files = report.files.map { file in
            LibraryFile(
                id: report.importID,
                titleID: title.id,
                path: file.path,
                size: file.size,
                quality: file.quality.name,
                subtitles: file.subtitles,
                queueID: id,
                added: title.added
            )
        }
        let item = QueueItem(
            id: id,
            clientID: "c1",
            clientName: "client",
            title: "Silent Harbor",
            downloadProtocol: .torrent,
            source: .magnet,
            isPaused: false,
            quality: "Bluray-1080p",
            qualityScore: 0,
            tracked: TrackedDownload(.torrent),
            added: title.added
        )
        let media = QueueItem.Media(titleID: title.id, kind: .movie)
        let imported = ImportedDownload(
            importID: report.importID,
            title: title,
            media: media,
            files: files,
            replaced: report.files.compactMap(\.replaced)
        )
        try await store.record(imported, item: item, now: title.added)
    }

    /// Takes an import back as `Importer.undo` does whose journal then fails.
    private func undoWithoutForgetting(_ entries: [ImportEntry]) throws {
        for entry in entries.reversed() { try FileTransfer(files: files).undo(entry) }
    }

    @Test("never takes back what a later import has recorded")
    func recorded() async throws {
        let importer = try importer()
        _ = try await importer.place(request("i1"))
        let stale = try await store.entries()
        try undoWithoutForgetting(stale)
        try await store.end("i1")
        _ = try await importer.run(request("i2")) { try await record($0) }
        let tree = folder.tree("movies")
        try await store.begin(stale)
        let results = try await ImportRecovery(files: files, journal: store).recover()
        #expect(results.map(\.outcome) == [.finished])
        #expect(folder.tree("movies") == tree)
        #expect(tree.count == 2)
        #expect(try await store.entries().isEmpty)
    }

    @Test("does not put the replaced file back over one that was recorded since")
    func recordedUpgrade() async throws {
        let old = try folder.write("movies/" + target.dropFirst(folder.path.utf8.count + 8), size: 500, seed: 3)
        let importer = try importer()
        _ = try await importer.place(request("i1", replaces: old))
        let stale = try await store.entries()
        try await store.end("i1")
        _ = try await importer.run(request("i2", replaces: old)) { try await record($0) }
        try await store.begin(stale)
        #expect(folder.tree("movies").count == 3, "the replaced file still waits under a hidden name")
        _ = try await ImportRecovery(files: files, journal: store).recover()
        #expect(TemporaryFolder.content(target)?.count == 9000)
        #expect(folder.tree("movies").count == 2)
    }

    @Test("puts the replaced file back though the library knows its name")
    func knownOccupant() async throws {
        try folder.write("movies/" + target.dropFirst(folder.path.utf8.count + 8), size: 500, seed: 3)
        let old = LibraryFile(
            id: "f1",
            titleID: title.id,
            path: target,
            size: 500,
            quality: "DVD",
            subtitles: [],
            queueID: nil,
            added: title.added
        )
        let journal = MemoryImportJournal()
        journal.files.withLock { $0 = [old] }
        let importer = Importer(files: files, journal: journal, naming: try Naming())
        _ = try await importer.place(request("i1", replaces: target))
        try LocalFileSystem().removeFile(FilePath.parent(of: target) + "/Silent Harbor (2011) [Bluray-1080p].en.srt")
        let results = try await ImportRecovery(files: files, journal: journal).recover()
        #expect(results.map(\.outcome) == [.undone])
        #expect(TemporaryFolder.content(target)?.count == 500)
    }

    @Test("settles the earlier import of a download before the next one")
    func settlesFirst() async throws {
        let importer = try importer()
        _ = try await importer.place(request("i1"))
        _ = try await importer.place(request("i2"))
        #expect(Set(try await store.entries().map(\.importID)) == ["i2"])
        #expect(folder.tree("movies").count == 2)
        try await importer.undo("i2")
        #expect(folder.tree("movies") == [], "the second import put the files there, so they are its to take back")
    }

    @Test("imports nothing while the earlier import of the download cannot be settled")
    func unsettled() async throws {
        let importer = try importer()
        _ = try await importer.place(request("i1"))
        let stale = try #require(try await store.entries().first)
        try files.removeFile(stale.target)
        // A folder under the hidden name cannot be removed as a file.
        try files.makeFolder(stale.temporary)
        do {
            _ = try await importer.place(request("i2"))
            Issue.record("the import was not refused")
        } catch {
            #expect(error.isRetryable)
            #expect(error.message.contains("earlier import"))
        }
        #expect(Set(try await store.entries().map(\.importID)) == ["i1"])
        #expect(try files.status(of: stale.target) == nil)
    }

    @Test("forgets the earlier imports of a download with the record of the one that succeeds")
    func recordForgets() async throws {
        let importer = try importer()
        let report = try await importer.place(request("i1"))
        let entries = try await store.entries()
        try await store.begin(entries.map { $0.with(importID: "i0") })
        try await store.begin(entries.map { $0.with(importID: "i9", queueItemID: "q_9") })
        try await record(report)
        let left = try await store.entries()
        #expect(Set(left.map(\.importID)) == ["i1", "i9"])
        #expect(left.filter { $0.importID == "i1" }.allSatisfy { $0.isRecorded })
    }

    @Test("finds recorded files by their own path and by those of their subtitles")
    func recordedFiles() async throws {
        let importer = try importer()
        let report = try await importer.run(request("i1")) { try await record($0) }
        let subtitle = try #require(report.files.first?.subtitles.first)
        for path in [target, subtitle] { #expect(try store.files(at: [path]).map(\.path) == [target]) }
        #expect(try store.files(at: [target + "x", FilePath.parent(of: target)]).isEmpty)
    }
}

extension ImportEntry {
    /// The same file as another import would have noted it.
    fileprivate func with(importID: String, queueItemID: String? = nil) -> ImportEntry {
        ImportEntry(
            importID: importID,
            index: index,
            queueItemID: queueItemID ?? self.queueItemID,
            isRecorded: isRecorded,
            source: source,
            sourceIdentity: sourceIdentity,
            size: size,
            target: target,
            root: root,
            temporary: temporary,
            newFolder: newFolder,
            wasThere: wasThere,
            occupant: occupant,
            obsolete: obsolete,
            obsoleteIdentity: obsoleteIdentity,
            mayMoveSource: mayMoveSource
        )
    }
}
