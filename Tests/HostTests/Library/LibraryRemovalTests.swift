import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import Host

struct LibraryRemovalTests {
    private let folder: TemporaryFolder
    private let lines = Lines()

    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("disk/movies/Film/Film.mkv", size: 100)
        try folder.write("disk/movies/Film/Film.en.srt", size: 10)
        try folder.write("outside/Film.mkv", size: 100)
    }

    private func remove(_ path: String, subtitles: [String] = [], root: String) throws {
        let logger = Logger(redactor: Redactor(), clock: SystemClock()) { [lines] line in
            lines.all.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
        let file = LibraryFile(
            id: "f",
            titleID: "t",
            path: path,
            size: 100,
            quality: "DVD",
            subtitles: subtitles,
            queueID: nil,
            added: Date(timeIntervalSince1970: 0)
        )
        try LibraryRemoval(roots: [root], files: LocalFileSystem(), logger: logger).remove(file)
    }

    private var log: [String] { lines.all.withLock { $0 } }

    @Test("removes a file with its subtitles and its folder from a library behind a link")
    func linkedLibrary() throws {
        symlink(folder.path + "/disk", folder.path + "/library")
        let film = folder.path + "/disk/movies/Film/Film"
        try remove(film + ".mkv", subtitles: [film + ".en.srt"], root: folder.path + "/library/movies")
        #expect(folder.tree("disk") == [])
        #expect(try LocalFileSystem().status(of: folder.path + "/disk/movies")?.kind == .folder, "the root stays")
        #expect(try LocalFileSystem().status(of: folder.path + "/disk/movies/Film") == nil)
        #expect(log.isEmpty)
    }

    @Test("keeps a folder that holds something else")
    func shared() throws {
        try remove(folder.path + "/disk/movies/Film/Film.mkv", root: folder.path + "/disk/movies")
        #expect(folder.tree("disk") == ["movies/Film/Film.en.srt"])
    }

    @Test(
        "refuses what is outside the library",
        arguments: ["/outside/Film.mkv", "/disk/movies/../../outside/Film.mkv"]
    )
    func outside(path: String) throws {
        try remove(folder.path + path, root: folder.path + "/disk/movies")
        #expect(folder.tree("outside") == ["Film.mkv"])
        #expect(log.contains { $0.contains("not in the library folder") })
    }

    @Test("does not follow a link that has taken the place of a folder")
    func linkInside() throws {
        symlink(folder.path + "/outside", folder.path + "/disk/movies/Other")
        try remove(folder.path + "/disk/movies/Other/Film.mkv", root: folder.path + "/disk/movies")
        #expect(folder.tree("outside") == ["Film.mkv"])
        #expect(log.count == 1)
    }

    @Test("fails when the library's disk is not there")
    func missing() {
        #expect(throws: FileError.self) {
            try remove(folder.path + "/gone/movies/Film/Film.mkv", root: folder.path + "/gone/movies")
        }
    }

    @Test("says nothing of a file that is gone already")
    func gone() throws {
        try remove(folder.path + "/disk/movies/Old/Old.mkv", root: folder.path + "/disk/movies")
        #expect(log.isEmpty)
    }
}
