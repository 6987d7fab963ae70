import Glibc
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

/// A way in which an import goes.
struct ImportScenario: Sendable, CustomTestStringConvertible {
    let name: String
    var linkError: CInt?
    var exchangeError: CInt?
    var canMove = false
    /// Whether the download holds several episodes and not one movie.
    var isSeason = false
    /// Whether the library's tables refuse the files, so that they are taken back.
    var recordFails = false
    /// The name of the file that is replaced.
    var old: String?
    var testDescription: String { name }

    static let movie = "Silent Harbor (2011)/Silent Harbor (2011) [Bluray-1080p].mkv"

    static let all: [ImportScenario] = [
        .init(name: "hard link"),
        .init(name: "copy", linkError: EXDEV),
        .init(name: "move by link", canMove: true),
        .init(name: "move by rename", linkError: EPERM, canMove: true),
        .init(name: "upgrade of another name by link", old: "Silent Harbor (2011)/Silent Harbor (2011) [DVD].mkv"),
        .init(name: "upgrade of another name by copy", linkError: EXDEV, old: "Silent Harbor (2011)/old.mkv"),
        .init(name: "upgrade of the same name by link", old: movie),
        .init(name: "upgrade of the same name by copy", linkError: EMLINK, old: movie),
        .init(name: "upgrade of the same name without exchange", linkError: EXDEV, exchangeError: EINVAL, old: movie),
        .init(name: "moving upgrade of the same name", canMove: true, old: movie),
        .init(name: "season by link", isSeason: true),
        .init(name: "season by copy", linkError: EXDEV, isSeason: true),
        .init(name: "moved season", linkError: EPERM, canMove: true, isSeason: true),
        .init(name: "link that cannot be recorded", recordFails: true),
        .init(name: "copied season that cannot be recorded", linkError: EXDEV, isSeason: true, recordFails: true),
        .init(
            name: "moved season that cannot be recorded",
            linkError: EPERM,
            canMove: true,
            isSeason: true,
            recordFails: true
        ),
        .init(name: "upgrade that cannot be recorded", linkError: EXDEV, recordFails: true, old: movie),
    ]
}

/// A download, a library and a journal for one import that may be cut off.
struct ImportStage {
    private struct Full: Error {}

    let journal = MemoryImportJournal()
    private let folder: TemporaryFolder
    private let scenario: ImportScenario
    private let old = Self.oldFilm
    /// The contents by the names in the download, and the names that they get in the library.
    private let files: [Piece]

    private typealias Piece = (source: String, target: String, content: [UInt8])

    private static let oldFilm = TemporaryFolder.bytes(1500, seed: 9)
    private static let film: [Piece] = [
        ("film.mkv", ImportScenario.movie, TemporaryFolder.bytes(2000, seed: 7)),
        ("film.en.srt", ImportScenario.movie.dropLast(4) + ".en.srt", TemporaryFolder.bytes(100, seed: 11)),
    ]
    private static let season: [Piece] = (1...3).map { number in
        let name = "Cold Coast/Season 01/Cold Coast - S01E0\(number) [WEB-DL-720p].mkv"
        return ("e\(number).s01e0\(number).mkv", name, TemporaryFolder.bytes(900 + number, seed: UInt8(number)))
    }

    init(_ scenario: ImportScenario) throws {
        self.scenario = scenario
        folder = try .quick()
        files = scenario.isSeason ? Self.season : Self.film
        for file in files { try folder.write("downloads/Release/" + file.source, file.content) }
        _ = try folder.makeFolder("library")
        if let name = scenario.old { try folder.write("library/" + name, old) }
    }

    private func source(_ name: String) -> [UInt8]? { content("/downloads/Release/" + name) }
    private func target(_ name: String) -> [UInt8]? { content("/library/" + name) }
    private func content(_ name: String) -> [UInt8]? {
        try? LocalFileSystem().read(folder.path + name, from: 0, count: 4096)
    }

    private var hasAllSources: Bool { files.allSatisfy { source($0.source) != nil } }
    /// Whether the library's tables know the files: then nobody imports them again.
    var isRecorded: Bool { journal.recorded.withLock { !$0.isEmpty } }

    /// Runs an import that `killSwitch` may end.
    func importOnce(_ id: String, _ killSwitch: KillSwitch) async {
        let files = KillableFileSystem(
            killSwitch: killSwitch,
            linkError: scenario.linkError,
            exchangeError: scenario.exchangeError
        )
        let journal = KillableJournal(base: journal, killSwitch: killSwitch)
        _ = try? await Importer(files: files, journal: journal, naming: Naming()).run(request(id)) { report in
            if scenario.recordFails { throw Full() }
            try await journal.markRecorded(report.importID)
        }
    }

    /// Runs an import that nothing disturbs.
    func importAgain(_ id: String) async throws {
        let importer = Importer(files: LocalFileSystem(), journal: journal, naming: try Naming())
        _ = try await importer.run(request(id)) { try await journal.markRecorded($0.importID) }
    }

    @discardableResult
    func recover() async throws -> [ImportRecovery.Result] {
        try await ImportRecovery(files: LocalFileSystem(), journal: journal).recover()
    }

    /// Recovers until `killSwitch` ends it.
    func recover(_ killSwitch: KillSwitch) async {
        let files = KillableFileSystem(killSwitch: killSwitch)
        let journal = KillableJournal(base: journal, killSwitch: killSwitch)
        _ = try? await ImportRecovery(files: files, journal: journal).recover()
    }

    private func request(_ id: String) -> ImportRequest {
        let episodes = (1...3).map { EpisodeFacts(id: "e\($0)", season: 1, number: $0) }
        var request = ImportRequest(
            importID: id,
            queueItemID: "q_1",
            releaseTitle: scenario.isSeason
                ? "Cold.Coast.S01.720p.WEB-DL.x264-CORAL" : "Silent.Harbor.2011.1080p.BluRay.x264-CORAL",
            media: scenario.isSeason
                ? .series(SeriesFacts(title: "Cold Coast", episodes: episodes), replaces: [:], wanted: [])
                : .movie(
                    MovieFacts(title: "Silent Harbor", year: 2011),
                    replaces: scenario.old.map { folder.path + "/library/" + $0 }
                ),
            rootFolder: folder.path + "/library"
        )
        request.isComplete = true
        request.contentPath = folder.path + "/downloads/Release"
        request.savePath = folder.path + "/downloads"
        request.canMoveFiles = scenario.canMove
        return request
    }

    /// Holds at any moment: what has a name that somebody may see is whole.
    func checkVisible() {
        for name in folder.tree("library") where !FileName.isPartial(FilePath.name(of: name)) {
            let isNew = files.contains { $0.target == name && $0.content == target(name) }
            #expect(isNew || name == scenario.old && target(name) == old, "\(name) is partial")
        }
        for file in files {
            let isThere = source(file.source) == file.content || target(file.target) == file.content
            #expect(isThere, "\(file.source) is lost")
        }
        guard let name = scenario.old, target(ImportScenario.movie) != files[0].content else { return }
        let hidden = folder.tree("library").filter { FileName.isPartial(FilePath.name(of: $0)) }
        #expect(([name] + hidden).contains { target($0) == old }, "the old film is lost")
    }

    /// Right after the recovery, before anything is imported again.
    func checkMiddle() {
        checkVisible()
        #expect(!folder.tree("library").contains { FileName.isPartial(FilePath.name(of: $0)) })
    }

    /// The library is as it was, but where the file system cannot swap two files: there the new one has its name.
    func checkUndone() {
        #expect(hasAllSources)
        #expect(folder.tree("library") == (scenario.old.map { [$0] } ?? []))
        if scenario.old == nil { #expect((try? LocalFileSystem().names(in: folder.path + "/library")) == []) }
        guard let name = scenario.old, scenario.exchangeError == nil else { return }
        #expect(target(name) == old)
    }

    func checkEnd(_ words: String) {
        checkMiddle()
        let there = folder.tree("library")
        // A subtitle that could not be read is left with the download.
        let isLeft: (String) -> Bool = { [files] name in name.hasSuffix(".srt") && source(files[1].source) != nil }
        #expect(there == files.map(\.target).filter { there.contains($0) || !isLeft($0) }.sorted(), "\(words)")
        for file in files where there.contains(file.target) {
            #expect(target(file.target) == file.content, "\(words)")
            #expect((source(file.source) == nil) == scenario.canMove, "\(words)")
        }
    }
}

extension FileName {
    /// Whether `name` was made by `partial(of:id:)`.
    static func isPartial(_ name: some StringProtocol) -> Bool {
        name.hasPrefix(".") && name.contains(".kinodock-partial-")
    }
}
