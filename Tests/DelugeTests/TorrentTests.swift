import FoundationEssentials
import PluginAPI
import Testing

@testable import Deluge

struct TorrentTests {
    private func recorded(_ name: String) async throws -> DownloadItem {
        let rig = try Rig()
        try rig.always(name)
        return try #require(try await rig.client.item(Rig.film))
    }

    private func item(_ fields: String) throws -> DownloadItem {
        let json = Data(#"{"name":"n","total_size":9,"total_wanted":9,"download_location":"/d",\#(fields)}"#.utf8)
        return try JSONDecoder().decode(Torrent.self, from: json).item(id: "ab")
    }

    @Test("the recorded torrent from the magnet to the end")
    func life() async throws {
        #expect(try await recorded("status without metadata").state == .fetchingMetadata)
        let arriving = try await recorded("status while downloading")
        #expect(arriving.state == .downloading && arriving.remaining > 0 && arriving.remaining < arriving.size)
        #expect(arriving.category == "kinodock" && arriving.savePath == "/data/incomplete")
        #expect(try await recorded("status paused").state == .paused)
        let complete = try await recorded("status complete")
        #expect(complete.isComplete && complete.state == .seeding && complete.remaining == 0)
        #expect(complete.contentPath == "/data/downloads/\(Rig.filmName)")
        #expect(try await recorded("a tracker refuses it").message?.contains("not authorized") == true)
    }

    @Test(
        "states",
        arguments: [
            (#""state":"Seeding","is_finished":false"#, DownloadItem.State.postProcessing),
            (#""state":"Moving","is_finished":true"#, .postProcessing),
            (#""state":"Seeding","is_finished":true"#, .seeding),
            (#""state":"Paused","is_finished":true"#, .completed), (#""state":"Paused","total_remaining":3"#, .paused),
            (#""state":"Queued","total_remaining":3"#, .queued), (#""state":"Checking""#, .checking),
            (#""state":"Error","message":"disk full""#, .failed),
            (#""state":"Downloading","total_remaining":3"#, .stalled),
            (#""state":"Dreaming""#, .stalled),
            (#""state":"Downloading","total_remaining":3,"download_payload_rate":1.5"#, .downloading),
        ]
    )
    func states(fields: String, state: DownloadItem.State) throws {
        let item = try item(fields)
        #expect(item.state == state)
        #expect(item.isComplete == (state == .seeding || state == .completed))
        #expect(state != .failed || item.message == "Deluge stopped it: disk full")
    }

    @Test("a torrent that was paused at its ratio may be removed")
    func goal() throws {
        let fields = #""state":"Paused","is_finished":true,"stop_at_ratio":true,"stop_ratio":2.0,"ratio":"#
        #expect(try item(fields + "2.0").canBeRemoved)
        #expect(try !item(fields + "1.0").canBeRemoved)
    }

    @Test("changes tell what is new and what is gone")
    func changes() async throws {
        let rig = try Rig()
        try rig.always("update_ui while downloading")
        let first = try await rig.client.changes(since: nil)
        #expect(first.isComplete && first.items.contains { $0.id == Rig.film })
        let quiet = try await rig.client.changes(since: first.cursor)
        #expect(!quiet.isComplete && quiet.items.isEmpty && quiet.removed.isEmpty)
        rig.answer("web.update_ui", #"{"connected":true,"torrents":{}}"#)
        #expect(try await rig.client.changes(since: first.cursor).removed.contains(Rig.film))
    }

    @Test("files, and the recorded verified ranges")
    func files() async throws {
        let rig = try Rig()
        try rig.always("files while downloading")
        let files = try await rig.client.files(of: Rig.film)
        #expect(files.count == 3 && !files.contains { !$0.isWanted })
        let film = try #require(files.first { $0.path.hasSuffix(".mkv") })
        try rig.always("pieces while downloading")
        let there = try await rig.client.availability(of: film.index, in: Rig.film)
        #expect(there.path == "/data/incomplete/\(film.path)" && there.size == film.size && !there.ranges.isEmpty)
        #expect(zip(there.ranges, there.ranges.dropFirst()).allSatisfy { $0.offset + $0.length < $1.offset })
        try rig.always("pieces of a complete one")
        #expect(
            try await rig.client.availability(of: film.index, in: Rig.film).ranges
                == [FileRange(offset: 0, length: film.size)]
        )
    }

    @Test("padding is no file")
    func padding() throws {
        let json =
            #"{"files":[{"index":0,"path":"t/a","size":1,"offset":0},{"index":1,"path":"t/.pad/9","size":9,"offset":1}]}"#
        #expect(try JSONDecoder().decode(FileList.self, from: Data(json.utf8)).downloadFiles.map(\.index) == [0])
    }

    @Test("files that are being moved are a conflict")
    func moving() async throws {
        let rig = try Rig()
        rig.answer("core.get_torrent_status", #"{"hash":"x","state":"Moving","files":[],"piece_length":1}"#)
        let error = await #expect(throws: PluginError.self) { try await rig.client.availability(of: 0, in: Rig.film) }
        #expect(error?.code.value == .conflict)
    }
}
