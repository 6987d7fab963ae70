import FoundationEssentials
import PluginAPI
import Testing

@testable import QBittorrent

struct FileTests {
    private static let folder = "/data/qbittorrent/incomplete/Night.of.the.Living.Dead.1968.720p.WEB.H264-RIG"
    private static let film = "Night.of.the.Living.Dead.1968.720p.WEB.H264-RIG.mkv"

    private func downloading(_ recording: Recording) throws -> Rig {
        let rig = try Rig(recording)
        for name in [
            "torrents/info while downloading", "files while downloading", "properties while downloading",
            "pieceStates while downloading", "app/preferences",
        ] {
            try rig.host.always(name, of: recording.exchanges)
        }
        return rig
    }

    @Test("lists the recorded files with what is there", arguments: Recording.all)
    func files(recording: Recording) async throws {
        let rig = try downloading(recording)
        let files = try await rig.client.files(of: Recording.film)
        #expect(files.map(\.index) == [0, 1, 2])
        #expect(files[1].path.hasSuffix("/" + Self.film))
        #expect(files[1].completed > 0 && files[1].completed < files[1].size)
        #expect(!files.contains { !$0.isWanted })
    }

    @Test("a torrent that is gone is named", arguments: Recording.all)
    func unknown(recording: Recording) async throws {
        let rig = try Rig(recording)
        try rig.host.always("torrents/info while downloading", of: recording.exchanges)
        rig.answer("GET", "torrents/files", status: 404, "Not Found")
        let error = await #expect(throws: PluginError.self) { try await rig.client.files(of: Recording.film) }
        #expect(error?.code.value == .notFound)
        #expect(error?.field == "id")
    }

    @Test("tells the recorded verified ranges of a file", arguments: Recording.all)
    func availability(recording: Recording) async throws {
        let rig = try downloading(recording)
        let answer = try await rig.client.availability(of: 1, in: Recording.film)
        #expect(answer.path == "\(Self.folder)/\(Self.film)")
        #expect(answer.size == 20_736_260)
        let states = try #require(
            try recording.exchanges.exchange("pieceStates while downloading").response.body?.array
        )
        let verified = states.filter { $0.integer == 2 }.count
        let bytes = answer.ranges.reduce(0) { $0 + $1.length }
        // Every verified piece but the first and the last is whole within this file.
        #expect(bytes <= Int64(verified) * 65_536 && bytes > Int64(verified - 2) * 65_536)
        #expect(zip(answer.ranges, answer.ranges.dropFirst()).allSatisfy { $0.offset + $0.length < $1.offset })
    }

    @Test(
        "files without a settled place are a conflict",
        arguments: [("moving", "/data/Film"), ("checkingResumeData", "Film"), ("metaDL", "")]
    )
    func unsettled(state: String, contentPath: String) async throws {
        let rig = try downloading(.v4)
        let fields: JSONValue = [
            "hash": .string(Recording.film), "state": .string(state), "content_path": .string(contentPath),
        ]
        try rig.answer("GET", "torrents/info", .array([fields]))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.availability(of: 1, in: Recording.film)
        }
        #expect(error?.code.value == .conflict)
    }

    @Test("an index that the torrent does not have is named")
    func badIndex() async throws {
        let rig = try downloading(.v4)
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.availability(of: 9, in: Recording.film)
        }
        #expect(error?.code.value == .notFound)
    }

    private func entry(_ name: String, _ size: Int64, pieces: [Int]? = nil, progress: Double = 0.5) -> FileEntry {
        FileEntry(name: name, size: size, progress: progress, priority: 1, pieces: pieces)
    }

    @Test(
        "merges pieces and clips them at the file's ends",
        arguments: [
            ([2, 2, 2, 2], [FileRange(offset: 0, length: 25)]), ([0, 0, 0, 0], []),
            ([2, 0, 0, 0], [FileRange(offset: 0, length: 5)]), ([0, 2, 0, 0], [FileRange(offset: 5, length: 10)]),
            ([0, 0, 0, 2], [FileRange(offset: 25, length: 0)]), ([1, 2, 1, 2], [FileRange(offset: 5, length: 10)]),
            ([2, 0, 2, 0], [FileRange(offset: 0, length: 5), FileRange(offset: 15, length: 10)]),
            ([0, 2], [FileRange(offset: 5, length: 10)]),
        ] as [([UInt8], [FileRange])]
    )
    func ranges(states: [UInt8], expected: [FileRange]) throws {
        // Pieces of 10 bytes; the file is the bytes 5 to 30 of the torrent.
        let files = [entry("a", 5, pieces: [0, 0]), entry("b", 25, pieces: [0, 2]), entry("c", 5, pieces: [3, 3])]
        let pieces = try #require(FilePieces(of: 1, in: files, pieceSize: 10))
        #expect(pieces.verifiedRanges(states) == expected.filter { $0.length > 0 })
    }

    @Test("a file behind padding begins with its piece")
    func padding() throws {
        let files = [entry("a", 5, pieces: [0, 0]), entry("b", 12, pieces: [1, 2])]
        let pieces = try #require(FilePieces(of: 1, in: files, pieceSize: 10))
        #expect(pieces.verifiedRanges([0, 2, 2]) == [FileRange(offset: 0, length: 12)])
    }

    @Test("a file that follows another one without padding begins where that one ends, also behind earlier padding")
    func paddingBefore() throws {
        // The bytes 0-4, padding, 10-21, and at once 22-33.
        let files = [
            entry("a", 5, pieces: [0, 0]), entry("b", 12, pieces: [1, 2]), entry("c", 12, pieces: [2, 3]),
        ]
        let pieces = try #require(FilePieces(of: 2, in: files, pieceSize: 10))
        #expect(pieces.verifiedRanges([2, 2, 2, 0]) == [FileRange(offset: 0, length: 8)])
    }

    @Test("absurd numbers of a client end quickly", .timeLimit(.minutes(1)))
    func absurd() throws {
        #expect(FilePieces(of: 0, in: [entry("a", 1)], pieceSize: .max) == nil)
        let endless = try #require(FilePieces(of: 0, in: [entry("a", .max / 2)], pieceSize: 1))
        let first = FileRange(offset: 0, length: 1)
        #expect(endless.verifiedRanges([2, 0, 2]) == [first, FileRange(offset: 2, length: 1)])
        let late = try #require(FilePieces(of: 1, in: [entry("a", 90), entry("b", 9)], pieceSize: 10))
        #expect(late.verifiedRanges([2]).isEmpty)
    }

    @Test(
        "numbers that contradict each other give nothing",
        arguments: [[5, 9], [-1, 0], [2, 1], [Int.max, Int.max]]
    )
    func contradiction(range: [Int]) {
        #expect(FilePieces(of: 1, in: [entry("a", 5), entry("b", 12, pieces: range)], pieceSize: 10) == nil)
    }

    @Test("sizes that overflow give nothing, and an empty file has no ranges")
    func oddSizes() throws {
        let huge = [entry("a", .max), entry("b", .max), entry("c", 1)]
        #expect(FilePieces(of: 2, in: huge, pieceSize: 10) == nil)
        #expect(FilePieces(of: 0, in: [entry("a", 1)], pieceSize: 0) == nil)
        let empty = try #require(FilePieces(of: 0, in: [entry("a", 0, pieces: [0, -1])], pieceSize: 10))
        #expect(empty.verifiedRanges([2]).isEmpty)
    }

    @Test(
        "finds the file on disk",
        arguments: [
            (["Film/a.mkv", "Film/b.srt"], "/inc/Film", "/inc/Film/a.mkv"), (["a.mkv"], "/inc/a.mkv", "/inc/a.mkv"),
            (["Film/a.mkv"], "/inc/Film/a.mkv", "/inc/Film/a.mkv"),
            (["a.mkv", "b.srt"], "/inc/Film", "/inc/Film/a.mkv"),
            (["a.mkv"], "", "/save/a.mkv"), (["S1/a.mkv", "S2/b.mkv"], "/inc/Show", "/inc/Show/S1/a.mkv"),
        ]
    )
    func location(names: [String], content: String, expected: String) {
        let files = names.map { entry($0, 9) }
        for usesSuffix in [false, true] {
            let path = ContentLocation.path(
                of: files[0],
                among: files,
                contentPath: content,
                savePath: "/save",
                usesSuffix: usesSuffix
            )
            #expect(path == expected + (usesSuffix ? ".!qB" : ""))
        }
    }

    @Test("a finished file has no suffix, and a listed suffix is not part of the name")
    func suffix() {
        let done = [entry("a.mkv", 9, progress: 1)]
        #expect(
            ContentLocation.path(of: done[0], among: done, contentPath: "/d/a.mkv", savePath: "/d", usesSuffix: true)
                == "/d/a.mkv"
        )
        #expect(entry("a.mkv.!qB", 9).path == "a.mkv")
    }

    @Test(
        "bytes that are there are rounded down",
        arguments: [(0.0, 0), (0.999999, 99), (1, 100), (7, 100), (-1, 0), (.nan, 0)] as [(Double, Int64)]
    )
    func completed(progress: Double, expected: Int64) {
        #expect(entry("a", 100, progress: progress).completed == expected)
    }
}
