import Glibc
import PluginAPI
import Synchronization
import Testing

@testable import Host
@testable import PluginHosting

@Suite(.timeLimit(.minutes(1)))
struct ImporterTests {
    private let folder: TemporaryFolder
    private let journal = MemoryImportJournal()

    init() throws {
        folder = try TemporaryFolder()
        _ = try folder.makeFolder("movies")
        _ = try folder.makeFolder("tv")
        _ = try folder.makeFolder("downloads")
    }

    private func importer(_ files: any FileSystem = LocalFileSystem()) throws -> Importer {
        Importer(files: files, journal: journal, naming: try Naming())
    }

    private func movie(_ content: String, replaces: String? = nil) -> ImportRequest {
        let movie = MovieFacts(title: "Silent Harbor", year: 2011)
        return request(
            "Silent.Harbor.2011.1080p.BluRay.x264-CORAL",
            content,
            .movie(movie, replaces: replaces),
            "movies"
        )
    }

    private func series(_ content: String, _ title: String = "Cold.Coast.S01.720p.WEB-DL", wanted: [String] = [])
        -> ImportRequest
    {
        let episodes = (1...4).map { EpisodeFacts(id: "e\($0)", season: 1, number: $0, title: "Part \($0)") }
        return request(
            title,
            content,
            .series(SeriesFacts(title: "Cold Coast", episodes: episodes), replaces: [:], wanted: wanted),
            "tv"
        )
    }

    private func request(_ title: String, _ content: String, _ media: ImportRequest.Media, _ root: String)
        -> ImportRequest
    {
        var request = ImportRequest(
            importID: "i-1",
            queueItemID: "q_1",
            releaseTitle: title,
            media: media,
            rootFolder: folder.path + "/" + root
        )
        request.isComplete = true
        request.contentPath = folder.path + "/" + content
        request.savePath = folder.path + "/downloads"
        request.libraryFolders = [folder.path + "/movies", folder.path + "/tv"]
        return request
    }

    private func run(_ request: ImportRequest) async throws(ImportFailure) -> ImportReport {
        let importer: Importer
        do { importer = try self.importer() } catch { throw ImportFailure(.badName, "\(error)", isRetryable: false) }
        return try await importer.run(request) { try await journal.markRecorded($0.importID) }
    }

    private func failure(_ request: ImportRequest) async -> ImportFailure? {
        do {
            _ = try await run(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("imports a movie with its subtitles and leaves the download alone")
    func movie() async throws {
        try folder.write("downloads/Rel/film.mkv", size: 9000)
        try folder.write("downloads/Rel/film.en.srt", size: 20)
        try folder.write("downloads/Rel/Subs/3_German.srt", size: 30)
        try folder.write("downloads/Rel/Sample/sample.mkv", size: 90)
        try folder.write("downloads/Rel/film.nfo", size: 90)
        let before = folder.tree("downloads")
        let report = try await run(movie("downloads/Rel"))
        let base = "Silent Harbor (2011)/Silent Harbor (2011) [Bluray-1080p]"
        #expect(folder.tree("movies") == [base + ".de.srt", base + ".en.srt", base + ".mkv"])
        #expect(folder.tree("downloads") == before)
        let file = try #require(report.files.first)
        #expect(file.path == folder.path + "/movies/" + base + ".mkv")
        #expect(file.mode == .hardlink)
        #expect(file.size == 9000)
        #expect(file.quality.name == "Bluray-1080p")
        #expect(file.subtitles.count == 2)
        #expect(report.skipped == ["Sample/sample.mkv: not the main video"])
        #expect(try await journal.entries().isEmpty)
    }

    @Test("succeeds again when everything is there already")
    func twice() async throws {
        try folder.write("downloads/Rel/film.mkv", size: 9000)
        let first = try await run(movie("downloads/Rel"))
        let second = try await run(movie("downloads/Rel"))
        #expect(first.files.map(\.path) == second.files.map(\.path))
        #expect(folder.tree("movies").count == 1)
    }

    @Test("gives another version of a movie its own name")
    func otherVersion() async throws {
        try folder.write("movies/Silent Harbor (2011)/Silent Harbor (2011) [Bluray-1080p].mkv", size: 9000, seed: 3)
        try folder.write("downloads/film.mkv", size: 9000)
        let report = try await run(movie("downloads/film.mkv"))
        #expect(report.files.first?.path.hasSuffix("[Bluray-1080p] (2).mkv") == true)
        #expect(folder.tree("movies").count == 2)
    }

    @Test("replaces the file that it is better than")
    func upgrade() async throws {
        let old = try folder.write("movies/Silent Harbor (2011)/Silent Harbor (2011) [DVD].mkv", size: 500, seed: 3)
        try folder.write("downloads/film.mkv", size: 9000)
        _ = try await run(movie("downloads/film.mkv", replaces: old))
        #expect(folder.tree("movies") == ["Silent Harbor (2011)/Silent Harbor (2011) [Bluray-1080p].mkv"])
    }

    @Test("moves where the client allows it")
    func move() async throws {
        try folder.write("downloads/Rel/film.mkv", size: 9000)
        var request = movie("downloads/Rel")
        request.canMoveFiles = true
        #expect(try await run(request).files.first?.mode == .move)
        #expect(folder.tree("downloads") == [])
    }

    @Test("imports nothing that the client does not call complete")
    func incomplete() async throws {
        try folder.write("downloads/Rel/film.mkv", size: 9000)
        var request = movie("downloads/Rel")
        request.isComplete = false
        #expect(await failure(request)?.code == .notComplete)
        #expect(folder.tree("movies") == [])
    }

    @Test("names both paths when it cannot see the download")
    func notVisible() async throws {
        var request = movie("downloads/Rel")
        request.contentPath = "/data/torrents/Rel"
        let unmapped = await failure(request)
        #expect(unmapped?.code == .pathNotVisible)
        #expect(unmapped?.isRetryable == true)
        #expect(unmapped?.message.contains("add a path mapping") == true)
        request.mappings = PathMappings([PathMapping(remote: "/data/torrents", local: folder.path + "/downloads")])
        let mapped = await failure(request)
        #expect(mapped?.message.contains("/data/torrents/Rel") == true)
        #expect(mapped?.message.contains(folder.path + "/downloads/Rel") == true)
        request.contentPath = #"D:\Torrents\Rel"#
        #expect(await failure(request)?.code == .pathNotVisible)
        request.contentPath = nil
        #expect(await failure(request)?.code == .pathNotVisible)
    }

    @Test(
        "refuses places that are not the download's own",
        arguments: ["", "downloads", "movies", "movies/Film", "downloads/../movies/Film"]
    )
    func foreign(content: String) async throws {
        try folder.write("movies/Film/film.mkv", size: 900)
        try folder.write("downloads/other.mkv", size: 900)
        #expect(await failure(movie(content))?.code == .pathRefused)
    }

    @Test("refuses a download folder that is a link into the library")
    func linkToLibrary() async throws {
        try folder.write("movies/Film/film.mkv", size: 900)
        symlink(folder.path + "/movies/Film", folder.path + "/downloads/Rel")
        #expect(await failure(movie("downloads/Rel"))?.code == .pathRefused)
    }

    @Test("takes from a shared folder only what the client lists")
    func shared() async throws {
        try folder.write("downloads/film.mkv", size: 900)
        try folder.write("downloads/foreign.mkv", size: 9000)
        var request = movie("downloads")
        request.files = [DownloadFile(index: 0, path: "film.mkv", size: 900, completed: 900)]
        let report = try await run(request)
        #expect(report.files.map(\.source) == [folder.path + "/downloads/film.mkv"])
    }

    @Test("does not hold a dangerous file of another download against this one")
    func foreignDanger() async throws {
        try folder.write("downloads/film.mkv", size: 900)
        try folder.write("downloads/setup.exe", size: 90)
        var request = movie("downloads")
        request.files = [DownloadFile(index: 0, path: "film.mkv", size: 900, completed: 900)]
        #expect(try await run(request).files.count == 1)
        request.files?.append(DownloadFile(index: 1, path: "setup.exe", size: 90, completed: 90))
        #expect(await failure(request)?.code == .dangerousFile)
    }

    @Test(
        "imports episodes that are counted by days or through the whole series",
        arguments: [
            ("Late.Talk.2024.03.11.Guest.mkv", "Season 2024/Cold Coast - 2024-03-11 [WEB-DL-720p].mkv"),
            ("[Sea] Late Talk - 12 [720p WEB-DL].mkv", "Season 01/Cold Coast - S01E12 [WEB-DL-720p].mkv"),
        ]
    )
    func otherNumbers(name: String, expected: String) async throws {
        try folder.write("downloads/Rel/" + name, size: 9000)
        let numbers = try #require(ReleaseName(name).episodes)
        var facts = SeriesFacts(title: "Cold Coast", episodes: EpisodeKey.all(in: numbers).map(\.facts))
        if numbers.isAirDate { facts.kind = .daily }
        let media = ImportRequest.Media.series(facts, replaces: [:], wanted: [])
        let report = try await run(request("Late.Talk.720p.WEB-DL", "downloads/Rel", media, "tv"))
        #expect(folder.tree("tv") == ["Cold Coast/" + expected])
        #expect(report.files.flatMap(\.episodeIDs).compactMap(EpisodeKey.init(id:)) == EpisodeKey.all(in: numbers))
    }

    @Test("makes no folder in place of a root folder that went away meanwhile")
    func rootVanishes() async throws {
        for number in 1...2 { try folder.write("downloads/Pack/cold.coast.s01e0\(number).mkv", size: 9000) }
        let files = KillableFileSystem(killSwitch: .off, linkError: EXDEV)
        let (tv, away) = (folder.path + "/tv", folder.path + "/away")
        let importer = try importer(files)
        let request = series("downloads/Pack")
        await #expect(throws: ImportFailure.self) {
            try await importer.place(request) { step, done, _ in
                if step == .comparing, done == 9000 { try? LocalFileSystem().rename(tv, toNew: away) }
                return true
            }
        }
        #expect(try LocalFileSystem().status(of: tv) == nil)
        #expect(try await journal.entries().count == 2, "what is left on the disk is cleared when it is back")
        try LocalFileSystem().rename(away, toNew: tv)
        _ = try await ImportRecovery(files: LocalFileSystem(), journal: journal).recover()
        #expect(folder.tree("tv") == [])
    }

    @Test("imports no file that the client left out or has not completed")
    func unwanted() async throws {
        try folder.write("downloads/Rel/film.mkv", size: 900)
        try folder.write("downloads/Rel/cut.mkv", size: 9000)
        var request = movie("downloads/Rel")
        request.files = [
            DownloadFile(index: 0, path: "Rel/film.mkv", size: 900, completed: 900),
            DownloadFile(index: 1, path: "Rel/cut.mkv", size: 9000, completed: 100, isWanted: false),
        ]
        #expect(try await run(request).files.map(\.size) == [900])
        request.files = [DownloadFile(index: 0, path: "Rel/film.mkv", size: 900, completed: 899)]
        #expect(await failure(request)?.code == .notComplete)
    }

    @Test("does not make a root folder that is missing")
    func missingRoot() async throws {
        try folder.write("downloads/film.mkv", size: 900)
        var request = movie("downloads/film.mkv")
        request.rootFolder = folder.path + "/unmounted"
        let failure = await failure(request)
        #expect(failure?.code == .rootFolderMissing)
        #expect(failure?.isRetryable == true)
        #expect(failure?.message.contains("No such file or directory") == true)
        #expect(try LocalFileSystem().status(of: request.rootFolder) == nil)
    }

    @Test("forgets no cut-off import while its library folder is not there", arguments: [false, true])
    func unmounted(isRecorded: Bool) async throws {
        try folder.write("downloads/film.mkv", size: 900)
        let importer = try importer()
        let request = movie("downloads/film.mkv")
        _ = try await importer.place(request)
        if isRecorded { try await journal.markRecorded(request.importID) }
        let files = LocalFileSystem()
        try files.rename(folder.path + "/movies", toNew: folder.path + "/unmounted")
        let results = try await ImportRecovery(files: files, journal: journal).recover()
        guard case .failed(let failure)? = results.first?.outcome else {
            Issue.record("the recovery did not fail: \(results)")
            return
        }
        #expect(failure.code == .rootFolderMissing)
        for settle in [importer.undo, importer.finish] {
            await #expect(throws: ImportFailure.self) { try await settle(request.importID) }
        }
        #expect(try await journal.entries().count == 1)
        try files.rename(folder.path + "/unmounted", toNew: folder.path + "/movies")
        try await isRecorded ? importer.finish(request.importID) : importer.undo(request.importID)
        #expect(folder.tree("movies").count == (isRecorded ? 1 : 0))
        #expect(try await journal.entries().isEmpty)
    }

    @Test("imports a season with its episodes and says what it left")
    func season() async throws {
        for number in 1...3 {
            try folder.write("downloads/Pack/cold.coast.s01e0\(number).mkv", size: 9000 + number, seed: UInt8(number))
        }
        try folder.write("downloads/Pack/cold.coast.s01e09.mkv", size: 9000)
        try folder.write("downloads/Pack/unknown.mkv", size: 9000)
        let report = try await run(series("downloads/Pack"))
        #expect(
            folder.tree("tv")
                == (1...3).map { "Cold Coast/Season 01/Cold Coast - S01E0\($0) - Part \($0) [WEB-DL-720p].mkv" }
        )
        #expect(Set(report.files.flatMap(\.episodeIDs)) == ["e1", "e2", "e3"])
        #expect(report.skipped.count == 2)
    }

    @Test("finds the episodes of a file by its folder, its download or what was wanted")
    func byOtherNames() async throws {
        try folder.write("downloads/Cold.Coast.S01E02.720p/abc123.mkv", size: 9000)
        var request = series("downloads/Cold.Coast.S01E02.720p", "Cold.Coast.S01E02.720p.HDTV")
        #expect(try await run(request).files.first?.episodeIDs == ["e2"])
        try folder.write("downloads/x/abc123.mkv", size: 9100)
        request = series("downloads/x", "Some name", wanted: ["e3"])
        request.importID = "i-2"
        #expect(try await run(request).files.first?.episodeIDs == ["e3"])
    }

    @Test("says which files it could not match")
    func unmatched() async throws {
        try folder.write("downloads/Pack/one.mkv", size: 9000)
        try folder.write("downloads/Pack/two.mkv", size: 9000)
        let failure = await failure(series("downloads/Pack"))
        #expect(failure?.code == .notMatched)
        #expect(failure?.message.contains("one.mkv") == true)
    }

    @Test("imports one file of an episode that comes twice: the larger")
    func duplicateEpisode() async throws {
        try folder.write("downloads/Pack/cold.coast.s01e01.480p.mkv", size: 9000)
        try folder.write("downloads/Pack/cold.coast.s01e01.1080p.mkv", size: 9900)
        let report = try await run(series("downloads/Pack"))
        #expect(report.files.map(\.size) == [9900])
        #expect(report.skipped.count == 1)
    }

    @Test("leaves the library as it was when one file of several fails")
    func allOrNothing() async throws {
        for number in 1...3 { try folder.write("downloads/Pack/cold.coast.s01e0\(number).mkv", size: 9000 + number) }
        var files = KillableFileSystem(killSwitch: .off)
        files.linkError = EXDEV
        let seen = Mutex(0)
        let importer = try importer(files)
        let request = series("downloads/Pack")
        await #expect(throws: ImportFailure.self) {
            try await importer.place(request) { _, _, _ in
                seen.withLock {
                    $0 += 1; return $0 < 3
                }
            }
        }
        #expect(try LocalFileSystem().names(in: folder.path + "/tv") == [], "the folders are gone, too")
        #expect(try await journal.entries().isEmpty)
    }

    @Test("takes everything back when the host cannot record it")
    func recordFails() async throws {
        struct Full: Error {}
        let old = try folder.write(
            "movies/Silent Harbor (2011)/Silent Harbor (2011) [Bluray-1080p].mkv",
            size: 500,
            seed: 3
        )
        try folder.write("downloads/film.mkv", size: 9000)
        let request = movie("downloads/film.mkv", replaces: old)
        let importer = try importer()
        await #expect(throws: ImportFailure.self) { try await importer.run(request) { _ in throw Full() } }
        #expect(TemporaryFolder.content(old)?.count == 500)
        #expect(folder.tree("movies").count == 1)
    }

    @Test("runs on a thread of its own")
    func executor() async throws {
        try folder.write("downloads/film.mkv", size: 9000)
        let request = movie("downloads/film.mkv")
        let importer = try importer()
        let executor = BlockingExecutor(label: "import")
        let report = try await Task(executorPreference: executor) { try await importer.place(request) }.value
        #expect(report.files.count == 1)
    }
}
