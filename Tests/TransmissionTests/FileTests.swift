import FoundationEssentials
import PluginAPI
import Testing

@testable import Transmission

struct FileTests {
    private func rig(change: (inout TransmissionSettings) -> Void = { _ in }) throws -> Rig {
        let rig = try Rig(change: change)
        try rig.always("session-get")
        try rig.always("files and pieces while downloading")
        rig.answer("session-set")
        return rig
    }

    @Test("lists the recorded files with what is there and what is wanted")
    func files() async throws {
        let rig = try Rig()
        try rig.always("files while downloading")
        let files = try await rig.client.files(of: Rig.film)
        #expect(files.map(\.index) == [0, 1, 2] && files.allSatisfy(\.isWanted))
        let film = try #require(files.first { $0.path == "\(Rig.filmName)/\(Rig.filmName).mkv" })
        #expect(film.completed > 0 && film.completed < film.size)
    }

    @Test(
        "whether a file is wanted may be a number",
        arguments: [("true", true), ("1", true), ("0", false), ("false", false)]
    )
    func wanted(text: String, expected: Bool) throws {
        let json = Data(#"{"files":[{"name":"a","length":1}],"fileStats":[{"wanted":\#(text)}]}"#.utf8)
        #expect(try JSONDecoder().decode(FileList.self, from: json).downloadFiles.map(\.isWanted) == [expected])
    }

    @Test("tells the recorded verified ranges, after the write cache was emptied")
    func availability() async throws {
        let rig = try rig()
        let answer = try await rig.client.availability(of: 1, in: Rig.film)
        #expect(answer.path == "/data/incomplete/\(Rig.filmName)/\(Rig.filmName).mkv.part")
        #expect(!answer.ranges.isEmpty && answer.ranges.allSatisfy { $0.length > 0 })
        #expect(zip(answer.ranges, answer.ranges.dropFirst()).allSatisfy { $0.offset + $0.length < $1.offset })
        // 4 MB of blocks of 16 kB, of which each call writes one at least.
        #expect(rig.calls("session-set").count == 256)
        #expect(rig.calls("session-set").allSatisfy { $0 == ["cache-size-mb": 0] })
    }

    @Test("a small file that is there has no suffix")
    func whole() async throws {
        let rig = try rig()
        let answer = try await rig.client.availability(of: 0, in: Rig.film)
        #expect(answer.ranges == [FileRange(offset: 0, length: answer.size)])
        #expect(!answer.path.hasSuffix(".part"))
    }

    @Test("a complete torrent lies in its final folder, and the write cache is left alone")
    func complete() async throws {
        let rig = try rig()
        try rig.always("files and pieces of a complete one")
        let answer = try await rig.client.availability(of: 1, in: Rig.film)
        #expect(answer.path == "/data/downloads/\(Rig.filmName)/\(Rig.filmName).mkv")
        #expect(answer.ranges == [FileRange(offset: 0, length: answer.size)])
        #expect(rig.calls("session-set").isEmpty)
    }

    @Test("a write cache that must not be changed makes it unsupported")
    func cache() async throws {
        let rig = try rig { $0.writesAtOnce = false }
        let error = await #expect(throws: PluginError.self) { try await rig.client.availability(of: 1, in: Rig.film) }
        #expect(error?.code.value == .unsupported && error?.field == "writesAtOnce")
        #expect(rig.calls("session-set").isEmpty)
    }

    @Test("an unknown file, and files that are not known yet")
    func missing() async throws {
        let rig = try rig()
        let unknown = await #expect(throws: PluginError.self) { try await rig.client.availability(of: 9, in: Rig.film) }
        #expect(unknown?.code.value == .notFound)
        rig.answer("torrent-get", #"{"torrents":[{"files":[],"pieces":"","pieceSize":0,"downloadDir":"/d"}]}"#)
        let early = await #expect(throws: PluginError.self) { try await rig.client.availability(of: 0, in: Rig.film) }
        #expect(early?.code.value == .conflict)
    }
}
