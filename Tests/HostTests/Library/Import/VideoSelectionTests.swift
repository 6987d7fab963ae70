import Glibc
import Testing

@testable import Host
@testable import PluginHosting

struct VideoSelectionTests {
    private static func video(_ path: String, megabytes: Int64) -> VideoFile {
        VideoFile(
            path: "/d/" + path,
            relativePath: path,
            size: megabytes << 20,
            fileExtension: FilePath.fileExtension(of: path) ?? "",
            release: ReleaseName(FilePath.name(of: path))
        )
    }

    private static func content(_ videos: [(String, Int64)]) -> DownloadContent {
        var content = DownloadContent()
        content.videos = videos.map { video($0.0, megabytes: $0.1) }.sorted { $0.size > $1.size }
        return content
    }

    @Test("takes the largest video of a movie, whatever its name")
    func largest() throws {
        let content = Self.content([("The Extra 2005.mkv", 4000), ("Sample/sample.mkv", 40), ("other.mkv", 900)])
        let choice = try VideoSelection().movie(in: content)
        #expect(choice.videos.map(\.relativePath) == ["The Extra 2005.mkv"])
        #expect(choice.skipped.count == 2)
    }

    @Test("keeps a short film that is alone")
    func shortFilm() throws {
        let content = Self.content([("Bonus.Track.2010.mkv", 12)])
        #expect(try VideoSelection().movie(in: content).videos.count == 1)
    }

    @Test("passes over videos that are much shorter than the movie")
    func runtime() throws {
        let content = Self.content([("loud.mkv", 900), ("film.mkv", 700)])
        let selection = VideoSelection(expectedDuration: 6000) { $0.relativePath == "loud.mkv" ? 600 : 5900 }
        #expect(try selection.movie(in: content).videos.map(\.relativePath) == ["film.mkv"])
        let failure = #expect(throws: ImportFailure.self) {
            try VideoSelection(expectedDuration: 6000) { _ in 60 }.movie(in: content)
        }
        #expect(failure?.code == .sampleOnly)
    }

    @Test("leaves samples and extras of a series, and keeps episodes whose titles have such words")
    func series() throws {
        let content = Self.content([
            ("Show.S01E01.mkv", 800), ("Show.S01E02.The.Bonus.mkv", 780), ("Show.S01E03.mkv", 45),
            ("Sample/show.s01e01.sample.mkv", 20), ("Extras/Making of.mkv", 300), ("Show.S01E04.mkv", 150),
        ])
        let chosen = Set(try VideoSelection().episodes(in: content).videos.map(\.relativePath))
        #expect(chosen == ["Show.S01E01.mkv", "Show.S01E02.The.Bonus.mkv", "Show.S01E04.mkv"])
    }

    @Test("keeps small episodes that are all of one size")
    func smallEpisodes() throws {
        let content = Self.content((1...9).map { ("Toon.S01E0\($0).mkv", 30 + Int64($0)) })
        #expect(try VideoSelection().episodes(in: content).videos.count == 9)
    }

    @Test(
        "refuses names that can start a program",
        arguments: [
            "film.exe", "film.mkv.exe", "film.mkv.lnk", "a/b/setup.BAT", "run.sh", "x.scr", "x.ps1", "x.vbs", "x.zipx",
            "x.arj",
            "x.lzh", "x.cmd", "film.mkv.com", "film.mp4.js", "film.exe ", "film.exe.", "film.avi.pif",
        ]
    )
    func dangerous(name: String) {
        #expect(DangerousName.matches(name))
        var content = Self.content([("film.mkv", 4000)])
        content.dangerousFiles = [name]
        let failure = #expect(throws: ImportFailure.self) { try VideoSelection().movie(in: content) }
        #expect(failure?.code == .dangerousFile)
        #expect(failure?.message.contains(name) == true)
    }

    @Test(
        "lets harmless names pass",
        arguments: ["film.mkv", "exe.mkv", "www.site.com", "film.nfo", "cover.jpg", "film.mkv.nfo"]
    )
    func harmless(name: String) {
        #expect(!DangerousName.matches(name))
    }

    @Test("says what is wrong with content that has no video")
    func nothing() {
        var packed = Self.content([("Sample/film.sample.mkv", 30)])
        packed.archives = ["film.rar", "film.r00"]
        #expect(throws: ImportFailure.self) { try VideoSelection().movie(in: packed) }
        #expect(Self.code(packed) == .stillPacked)
        var partial = DownloadContent()
        partial.partialFiles = ["film.mkv.!qB"]
        #expect(Self.code(partial) == .notComplete)
        #expect(Self.code(DownloadContent()) == .noVideo)
        var both = Self.content([("film.mkv", 4000)])
        both.archives = ["extras.zip"]
        #expect(Self.code(both) == nil)
    }

    private static func code(_ content: DownloadContent) -> ImportFailure.Code? {
        do {
            _ = try VideoSelection().movie(in: content)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(
        "refuses a movie that is cut into several files",
        arguments: ["Film.CD%.avi", "Film - Part %.avi", "Film.disc%.avi"]
    )
    func parts(name: String) {
        let names = (1...2).map { name.split(separator: "%").joined(separator: "\($0)") }
        #expect(Self.code(Self.content([(names[0], 700), (names[1], 690), ("Film.Sample.avi", 20)])) == .severalParts)
        #expect(Self.code(Self.content([(names[0], 700), ("Film.Sample.avi", 20)])) == nil)
        #expect(Self.code(Self.content([(names[0], 700), ("Other 2011.avi", 690)])) == nil)
    }

    @Test("does not take a sample for the movie", arguments: ["Sample/film.mkv", "sample-film.mkv", "film.sample.mkv"])
    func onlySample(name: String) {
        #expect(Self.code(Self.content([(name, 30)])) == .sampleOnly)
        #expect(Self.code(Self.content([(name, 3000)])) == nil)
    }

    @Test("says what is wrong with videos that cannot be used")
    func unusable() throws {
        let folder = try TemporaryFolder()
        try folder.write("empty/film.mkv", size: 0)
        try folder.write("latin/x", size: 1)
        let name = Array((folder.path + "/latin/Am").utf8CString.dropLast()) + [CChar(bitPattern: 0xe9)]
        close(open(name + Array("lie.mkv".utf8CString), O_WRONLY | O_CREAT, 0o600))
        try folder.write("channel/@Channel/@Channel - film.mkv", size: 300)
        let codes = try ["empty", "latin", "channel"].map { name in
            Self.code(try ContentWalk.content(at: folder.path + "/" + name, on: LocalFileSystem()))
        }
        #expect(codes == [.notComplete, .pathNotVisible, nil])
        unlink(name + Array("lie.mkv".utf8CString))
    }

    @Test("knows the media type of every video", arguments: VideoFormat.extensions.sorted())
    func mediaTypes(ending: String) {
        let type = VideoFormat.mediaType(of: "/a.b/Film." + ending.uppercased())
        #expect(type.hasPrefix("video/") || type == "application/vnd.rn-realmedia-vbr")
        #expect(VideoFormat.mediaType(of: "/a.mkv/Film") == "application/octet-stream")
    }

    @Test("walks a download without leaving it")
    func walk() throws {
        let folder = try TemporaryFolder()
        try folder.write("d/film.mkv", size: 300)
        try folder.write("d/Subs/film.en.srt", size: 10)
        try folder.write("d/@eaDir/film.mkv", size: 10)
        try folder.write("d/.hidden/film.mkv", size: 10)
        try folder.write("d/.film.mkv", size: 10)
        try folder.write("d/deep/bare", [0x1a, 0x45, 0xdf, 0xa3] + TemporaryFolder.bytes(50, seed: 1))
        try folder.write("d/deep/text", Array("hello".utf8))
        try folder.write("d/film.rar", size: 10)
        try folder.write("d/film.r01", size: 10)
        try folder.write("d/other.mkv.part", size: 10)
        try folder.write("outside/secret.mkv", size: 10)
        symlink(folder.path + "/outside", folder.path + "/d/link")
        symlink(folder.path + "/outside/secret.mkv", folder.path + "/d/secret.mkv")
        symlink(folder.path + "/d", folder.path + "/d/loop")
        mkfifo(folder.path + "/d/pipe.mkv", 0o600)
        let content = try ContentWalk.content(at: folder.path + "/d", on: LocalFileSystem())
        #expect(content.videos.map(\.relativePath) == ["film.mkv", "deep/bare"])
        #expect(content.videos.map(\.fileExtension) == ["mkv", "mkv"])
        #expect(content.subtitles.map(\.relativePath) == ["Subs/film.en.srt"])
        #expect(content.archives == ["film.r01", "film.rar"])
        #expect(content.partialFiles == ["other.mkv.part"])
        let single = try ContentWalk.content(at: folder.path + "/d/film.mkv", on: LocalFileSystem())
        #expect(single.videos.map(\.relativePath) == ["film.mkv"])
    }

    @Test(
        "recognises videos by their first bytes",
        arguments: [
            ([0x1a, 0x45, 0xdf, 0xa3], "mkv"), ([0, 0, 0, 32] + Array("ftypisom".utf8), "mp4"),
            (Array("RIFF0000AVI ".utf8), "avi"), (Array("FLV".utf8), "flv"), (Array("RIFF0000WAVE".utf8), nil),
            ([], nil),
        ] as [([UInt8], String?)]
    )
    func magic(bytes: [UInt8], expected: String?) {
        #expect(VideoFormat.extension(ofContent: bytes) == expected)
    }

    @Test(
        "names subtitles after their video",
        arguments: [
            ("Film.srt", ".srt"), ("Film.en.srt", ".en.srt"), ("Film.eng.forced.srt", ".en.forced.srt"),
            ("Film.English.SDH.srt", ".en.sdh.srt"), ("Subs/2_German.srt", ".de.srt"),
            ("Subs/Film/3_fre.srt", ".fr.srt"),
            ("other.srt", ".srt"), ("Film.ass", ".ass"),
        ]
    )
    func subtitle(path: String, suffix: String) {
        let file = SubtitleFile(
            path: "/d/" + path,
            relativePath: path,
            size: 1,
            fileExtension: FilePath.fileExtension(of: path) ?? ""
        )
        let items = SubtitleMatch.items(for: Self.video("Film.mkv", megabytes: 1), in: [file], isOnlyVideo: true)
        #expect(items.map(\.suffix) == [suffix])
    }

    @Test("gives each of several subtitles its own name, and each episode only its own")
    func severalSubtitles() {
        let files = [
            "A.S01E01.en.srt", "A.S01E01.English.srt", "A.S01E02.srt", "Subs/A.S01E01/2_German.srt", "A.S01E01.idx",
            "A.S01E01.sub",
        ]
        .map {
            SubtitleFile(
                path: "/d/" + $0,
                relativePath: $0,
                size: 1,
                fileExtension: FilePath.fileExtension(of: $0) ?? ""
            )
        }
        let items = SubtitleMatch.items(for: Self.video("A.S01E01.mkv", megabytes: 1), in: files, isOnlyVideo: false)
        #expect(Set(items.map(\.suffix)) == [".en.srt", ".en.2.srt", ".de.srt", ".idx", ".sub"])
    }
}
