import Glibc
import Testing

@testable import Host

/// Ends the process at every single change of the disk and of the journal, and looks at what a restart makes of it.
@Suite(.timeLimit(.minutes(1)))
struct ImportCrashTests {
    struct Scenario: Sendable, CustomTestStringConvertible {
        let name: String
        var linkError: CInt?
        var exchangeError: CInt?
        var canMove = false
        /// The name of the file that is replaced.
        var old: String?
        var testDescription: String { name }
    }

    static let target = "Silent Harbor (2011)/Silent Harbor (2011) [Bluray-1080p].mkv"

    static let scenarios: [Scenario] = [
        .init(name: "hard link"),
        .init(name: "copy", linkError: EXDEV),
        .init(name: "move by link", canMove: true),
        .init(name: "move by rename", linkError: EPERM, canMove: true),
        .init(name: "upgrade of another name by link", old: "Silent Harbor (2011)/Silent Harbor (2011) [DVD].mkv"),
        .init(name: "upgrade of another name by copy", linkError: EXDEV, old: "Silent Harbor (2011)/old.mkv"),
        .init(name: "upgrade of the same name by link", old: target),
        .init(name: "upgrade of the same name by copy", linkError: EMLINK, old: target),
        .init(name: "upgrade of the same name without exchange", linkError: EXDEV, exchangeError: EINVAL, old: target),
        .init(name: "moving upgrade of the same name", canMove: true, old: target),
    ]

    @Test("leaves nothing or the whole film, and never loses it", arguments: scenarios, [false, true])
    func crash(scenario: Scenario, isAfter: Bool) async throws {
        var steps = 1
        while try await survives(scenario, steps: steps, isAfter: isAfter) {
            steps += 1
            try #require(steps < 100)
        }
        #expect(steps > 3)
    }

    /// Runs an import that dies at a step; answers whether it died.
    private func survives(_ scenario: Scenario, steps: Int, isAfter: Bool) async throws -> Bool {
        let stage = try Stage(scenario)
        let killSwitch = KillSwitch(after: steps, isAfter: isAfter)
        let files = KillableFileSystem(
            killSwitch: killSwitch,
            linkError: scenario.linkError,
            exchangeError: scenario.exchangeError
        )
        let store = MemoryImportJournal()
        let journal = KillableJournal(base: store, killSwitch: killSwitch)
        let importer = Importer(files: files, journal: journal, naming: try Naming())
        let report = try? await importer.run(stage.request("import-1")) { report in
            try await journal.markRecorded(report.importID)
        }
        try await restart(stage, store)
        stage.checkEnd("died at step \(steps), after: \(isAfter)", steps)
        return report == nil || killSwitch.isDead
    }

    /// What the host does when it starts: recovers, records what is complete, and imports again what is not.
    private func restart(_ stage: Stage, _ journal: MemoryImportJournal) async throws {
        let importer = Importer(files: LocalFileSystem(), journal: journal, naming: try Naming())
        let recovery = ImportRecovery(files: LocalFileSystem(), journal: journal)
        let results = try await recovery.recover()
        stage.checkMiddle()
        for result in results {
            if case .undone = result.outcome { stage.checkUndone() }
            guard case .complete = result.outcome else { continue }
            try await journal.markRecorded(result.importID)
            try await importer.finish(result.importID)
        }
        #expect(try await recovery.recover().isEmpty)
        #expect(try await journal.entries().isEmpty)
        guard stage.sourceExists else { return }
        _ = try await importer.run(stage.request("import-2")) { try await journal.markRecorded($0.importID) }
    }
}

/// The folders of one run.
private struct Stage {
    let folder: TemporaryFolder
    let source: String
    let scenario: ImportCrashTests.Scenario
    let new = TemporaryFolder.bytes(20_000, seed: 7)
    let old = TemporaryFolder.bytes(15_000, seed: 9)
    /// A second file, so that an import can also end between two.
    let words = TemporaryFolder.bytes(100, seed: 11)

    init(_ scenario: ImportCrashTests.Scenario) throws {
        self.scenario = scenario
        folder = try TemporaryFolder()
        source = try folder.write("downloads/Silent.Harbor.2011.1080p.BluRay.x264-CORAL/film.mkv", new)
        try folder.write("downloads/Silent.Harbor.2011.1080p.BluRay.x264-CORAL/film.en.srt", words)
        _ = try folder.makeFolder("movies")
        if let name = scenario.old { try folder.write("movies/" + name, old) }
    }

    var sourceExists: Bool { TemporaryFolder.content(source) != nil }
    private var subtitle: String { String(ImportCrashTests.target.dropLast(4)) + ".en.srt" }
    private var subtitleSource: String { String(source.dropLast(4)) + ".en.srt" }
    private var target: String { folder.path + "/movies/" + ImportCrashTests.target }
    private var oldPath: String? { scenario.old.map { folder.path + "/movies/" + $0 } }

    func request(_ id: String) -> ImportRequest {
        let movie = MovieFacts(title: "Silent Harbor", year: 2011)
        let replaces = oldPath.flatMap { TemporaryFolder.content($0) == old ? $0 : nil }
        var request = ImportRequest(
            importID: id,
            queueItemID: "q_1",
            releaseTitle: "Silent.Harbor.2011.1080p.BluRay.x264-CORAL",
            media: .movie(movie, replaces: replaces),
            rootFolder: folder.path + "/movies"
        )
        request.isComplete = true
        request.contentPath = FilePath.parent(of: source)
        request.savePath = folder.path + "/downloads"
        request.canMoveFiles = scenario.canMove
        return request
    }

    /// Right after the recovery, before anything is imported again.
    func checkMiddle() {
        let atTarget = TemporaryFolder.content(target)
        #expect(atTarget == nil || atTarget == new || (atTarget == old && scenario.old != nil))
        #expect(atTarget == new || TemporaryFolder.content(source) == new, "the film is lost")
        if let oldPath, atTarget != new { #expect(TemporaryFolder.content(oldPath) == old, "the old film is lost") }
        let subtitles = [subtitleSource, folder.path + "/movies/" + subtitle].map(TemporaryFolder.content)
        #expect(subtitles.contains(words), "the subtitle is lost")
        #expect(subtitles[1] == nil || subtitles[1] == words)
        let isExpected: (String) -> Bool = { name in
            !FileName.isPartial(FilePath.name(of: name))
                || TemporaryFolder.content(folder.path + "/movies/" + name) == old
        }
        #expect(folder.tree("movies").allSatisfy(isExpected))
    }

    /// The library is as it was, but where the file system cannot swap two files: there the new one has its name.
    func checkUndone() {
        #expect(sourceExists)
        #expect(folder.tree("movies") == (scenario.old.map { [$0] } ?? []))
        guard let oldPath, scenario.exchangeError == nil else { return }
        #expect(TemporaryFolder.content(oldPath) == old)
    }

    func checkEnd(_ words: String, _ step: Int) {
        #expect(TemporaryFolder.content(target) == new, "\(words)")
        #expect(folder.tree("movies") == [subtitle, ImportCrashTests.target], "\(words)")
        #expect(TemporaryFolder.content(folder.path + "/movies/" + subtitle) == self.words, "\(words)")
        #expect(sourceExists != scenario.canMove, "\(words)")
    }
}
