import Glibc
import PluginAPI
import Testing

@testable import Host

/// The ends of imports that somebody stops: each is a cancellation, and none leaves anything behind.
@Suite(.timeLimit(.minutes(1)))
struct ImportCancelTests {
    private struct Full: Error {}

    private let folder: TemporaryFolder
    private let journal = MemoryImportJournal()
    private let request: ImportRequest

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.makeFolder("movies")
        try folder.write("downloads/Rel/film.mkv", size: 9000)
        var request = ImportRequest(
            importID: "i-1",
            queueItemID: "q_1",
            releaseTitle: "Silent.Harbor.2011.1080p.BluRay.x264-CORAL",
            media: .movie(MovieFacts(title: "Silent Harbor", year: 2011), replaces: nil),
            rootFolder: folder.path + "/movies"
        )
        request.isComplete = true
        request.contentPath = folder.path + "/downloads/Rel"
        self.request = request
    }

    /// Runs an import that copies, in a task of its own; answers how it failed.
    private func failure(
        journal: (any ImportJournal)? = nil,
        isCancelledBefore: Bool = false,
        progress: @escaping Importer.Progress = { _, _, _ in true },
        record: @escaping @Sendable (ImportReport) async throws -> Void = { _ in }
    ) async throws -> ImportFailure? {
        let importer = Importer(
            files: KillableFileSystem(killSwitch: .off, linkError: EXDEV),
            journal: journal ?? self.journal,
            naming: try Naming()
        )
        let request = request
        return await Task { () -> ImportFailure? in
            if isCancelledBefore { Self.cancelThisTask() }
            do throws(ImportFailure) {
                _ = try await importer.run(request, progress: progress, record: record)
                return nil
            } catch {
                return error
            }
        }.value
    }

    private static func cancelThisTask() {
        withUnsafeCurrentTask { $0?.cancel() }
    }

    private func checkNothingIsLeft() async throws {
        #expect(folder.tree("movies") == [])
        #expect(folder.tree("downloads") == ["Rel/film.mkv"])
        #expect(try await journal.entries().isEmpty)
    }

    @Test("begins nothing in a task that is cancelled already")
    func before() async throws {
        #expect(try await failure(isCancelledBefore: true)?.code == .cancelled)
        try await checkNothingIsLeft()
    }

    @Test("stops in the middle of a copy")
    func copying() async throws {
        let failure = try await failure(progress: { _, _, _ in
            Self.cancelThisTask()
            return true
        })
        #expect(failure?.code == .cancelled)
        try await checkNothingIsLeft()
    }

    @Test("is cancelled when the host answers that the download was removed")
    func removed() async throws {
        #expect(try await failure(record: { _ in throw CancellationError() })?.code == .cancelled)
        try await checkNothingIsLeft()
    }

    @Test("is cancelled when the host fails because it ends")
    func recording() async throws {
        let failure = try await failure(record: { _ in
            Self.cancelThisTask()
            throw Full()
        })
        #expect(failure?.code == .cancelled)
        try await checkNothingIsLeft()
    }

    @Test("is cancelled even when the journal fails after it")
    func journalFails() async throws {
        let broken = BrokenJournal(base: journal)
        let failure = try await failure(
            journal: broken,
            progress: { _, _, _ in
                Self.cancelThisTask()
                return true
            }
        )
        #expect(failure?.code == .cancelled)
        #expect(folder.tree("movies") == [])
        #expect(try await journal.entries().count == 1, "the next start settles what the journal could not forget")
    }

    @Test("names the reason of a failure before that of the clearing")
    func reason() async throws {
        let failure = try await failure(journal: BrokenJournal(base: journal), record: { _ in throw Full() })
        #expect(failure?.code == .inputOutput)
        #expect(failure?.message.contains("could not store the imported files") == true)
        #expect(failure?.message.contains("could not be cleared yet") == true)
    }

    @Test("does not compare two large files to the end in a task that is cancelled")
    func comparing() async throws {
        let first = try folder.write("a.mkv", size: 3 << 20)
        let second = try folder.write("b.mkv", size: 3 << 20)
        let failure = await Task { () -> ImportFailure? in
            Self.cancelThisTask()
            do throws(ImportFailure) {
                _ = try FileContent.isEqual(first, second, size: 3 << 20, on: LocalFileSystem())
                return nil
            } catch {
                return error
            }
        }.value
        #expect(failure?.code == .cancelled)
    }
}

/// A journal that cannot forget, as on a disk that is full.
private struct BrokenJournal: ImportJournal {
    let base: MemoryImportJournal

    func begin(_ entries: [ImportEntry]) async throws { try await base.begin(entries) }
    func markRecorded(_ importID: String) async throws { try await base.markRecorded(importID) }
    func end(_ importID: String) async throws { throw FileError(operation: "write", path: "journal", code: ENOSPC) }
    func entries() async throws -> [ImportEntry] { try await base.entries() }
    func entries(of queueItemID: String) async throws -> [ImportEntry] { try await base.entries(of: queueItemID) }
    func recordedFiles(at paths: [String]) async throws -> [LibraryFile] { try await base.recordedFiles(at: paths) }
}
