import FoundationEssentials
import PluginAPI
import Testing

@testable import Aria2

struct ListTests {
    private func film(_ name: String) async throws -> DownloadItem {
        let rig = try Rig()
        try rig.always(name)
        return try #require(try await rig.client.item(Rig.film))
    }

    @Test("the recorded torrent is one download from the magnet to the end")
    func life() async throws {
        #expect(try await film("lists without metadata").state == .fetchingMetadata)
        let arriving = try await film("lists while downloading")
        #expect(arriving.state == .downloading && arriving.remaining > 0 && arriving.remaining < arriving.size)
        #expect(arriving.name == Rig.filmName && arriving.contentPath == "/data/downloads/\(Rig.filmName)")
        #expect(arriving.infoHash == Rig.film && arriving.eta != nil && !arriving.isComplete)
        #expect(try await film("lists while paused").state == .paused)
        let complete = try await film("lists when complete")
        #expect(complete.state == .seeding && complete.isComplete && complete.remaining == 0 && !complete.canMoveFiles)
        let idle = try await film("lists when complete and paused")
        #expect(idle.state == .completed && idle.isComplete && idle.canMoveFiles && !idle.canBeRemoved)
    }

    @Test("of a torrent that was removed the record of its metadata is no download")
    func removed() async throws {
        let rig = try Rig()
        try rig.always("lists after removal")
        #expect(try await rig.client.item(Rig.film) == nil)
    }

    @Test("a web address has its own id, and says why it failed")
    func webAddress() async throws {
        let rig = try Rig()
        try rig.always("lists when complete")
        let items = try await rig.client.changes(since: nil).items
        let failed = try #require(items.first { $0.state == .failed })
        #expect(failed.id.utf8.count == 16 && failed.infoHash == nil && failed.name == "none.mkv")
        #expect(failed.message?.contains("is not there") == true)
    }

    @Test("changes tell what is new and what is gone")
    func changes() async throws {
        let rig = try Rig()
        try rig.always("lists while downloading")
        let first = try await rig.client.changes(since: nil)
        #expect(first.isComplete && first.items.map(\.id) == [Rig.film])
        let quiet = try await rig.client.changes(since: first.cursor)
        #expect(!quiet.isComplete && quiet.items.isEmpty && quiet.cursor == first.cursor)
        try rig.always("lists, empty")
        #expect(try await rig.client.changes(since: first.cursor).removed == [Rig.film])
    }

    @Test(
        "the files of a metalink are one download, which is complete when all of them are",
        arguments: [
            ("complete", "complete", DownloadItem.State.completed, true), ("active", "complete", .downloading, false),
            ("error", "active", .downloading, false), ("error", "complete", .failed, false),
            ("paused", "complete", .paused, false),
        ]
    )
    func metalink(first: String, second: String, state: DownloadItem.State, isComplete: Bool) throws {
        func part(_ gid: String, _ name: String, _ status: String) -> String {
            let sizes = #""totalLength":"10","completedLength":"\#(status == "complete" ? 10 : 4)","downloadSpeed":"1""#
            let file = #"{"index":"1","path":"/d/\#(name)","length":"10","selected":"true"}"#
            return #"{"gid":"\#(gid)","following":"r","dir":"/d","status":"\#(status)",\#(sizes),"files":[\#(file)]}"#
        }
        let root = #"{"gid":"r","status":"complete","followedBy":["a","b"]}"#
        let json = "[\(part("b", "two", second)),\(root),\(part("a", "one", first))]"
        let rows = EntryTable(try JSONDecoder().decode([Entry].self, from: Data(json.utf8))).rows
        let row = try #require(rows["r"])
        #expect(rows.count == 1 && Set(row.gids) == ["a", "b", "r"] && row.parts.map(\.gid) == ["a", "b"])
        let item = row.entry.item(id: row.id)
        #expect(item.state == .known(state) && item.isComplete == isComplete && item.size == 20)
        let files = row.entry.downloadFiles
        #expect(files.map(\.path) == ["one", "two"] && files.map(\.index) == [0, 1])
    }

    private func item(_ fields: String) throws -> DownloadItem? {
        let entry = try JSONDecoder().decode(Entry.self, from: Data(#"{"gid":"00000000000000aa",\#(fields)}"#.utf8))
        return EntryTable([entry]).rows.values.first.map { $0.entry.item(id: $0.id) }
    }

    @Test(
        "states",
        arguments: [
            (#""status":"complete","totalLength":"9","completedLength":"9""#, DownloadItem.State.completed),
            (#""status":"active","totalLength":"9","verifiedLength":"3""#, .checking),
            (#""status":"active","totalLength":"9""#, .stalled), (#""status":"waiting","totalLength":"9""#, .queued),
            (#""status":"error","errorCode":"9","errorMessage":"x""#, .failed), (#""status":"dreaming""#, .stalled),
            (#""status":"active","downloadSpeed":"7","totalLength":"9""#, .downloading),
            (
                #""status":"active","seeder":"true","totalLength":"9","infoHash":"AB","bittorrent":{"info":{"name":"n"}}"#,
                .seeding
            ),
        ]
    )
    func states(fields: String, state: DownloadItem.State) throws {
        let item = try #require(try item(fields))
        #expect(item.state == state)
        #expect(item.isComplete == (state == .completed || state == .seeding))
    }

    @Test("of files that are skipped nothing is missing")
    func skipped() throws {
        let files =
            #"[{"index":"1","path":"/d/a","length":"6","completedLength":"2","selected":"true"},"#
            + #"{"index":"2","path":"/d/b","length":"90","completedLength":"1","selected":"false"}]"#
        let item = try #require(
            try item(#""status":"active","totalLength":"96","completedLength":"3","files":\#(files)"#)
        )
        #expect(item.size == 6 && item.remaining == 4)
    }

    @Test("a hybrid that aria2 has made another torrent of has failed")
    func strange() async throws {
        let rig = try Rig()
        let other = String(repeating: "b", count: 40)
        rig.list(
            active:
                #"{"gid":"2","status":"active","infoHash":"\#(other)","following":"1","totalLength":"9","bittorrent":{"info":{"name":"n"}}}"#,
            stopped: #"{"gid":"1","status":"complete","infoHash":"\#(Rig.film)","followedBy":["2"]}"#
        )
        let item = try #require(try await rig.client.item(Rig.film))
        #expect(item.state == .failed && item.message?.contains("hybrid") == true)
    }

    @Test("steps that follow each other in a circle end", .timeLimit(.minutes(1)))
    func circle() throws {
        let entries = try ["1", "2"].map { gid in
            let other = gid == "1" ? "2" : "1"
            let json = #"{"gid":"\#(gid)","status":"active","following":"\#(other)"}"#
            return try JSONDecoder().decode(Entry.self, from: Data(json.utf8))
        }
        #expect(EntryTable(entries).rows.count > 0)
    }

    @Test("files, and the recorded verified ranges")
    func files() async throws {
        let rig = try Rig()
        try rig.always("lists while downloading")
        try rig.always("tellStatus while downloading")
        let files = try await rig.client.files(of: Rig.film)
        #expect(files.map(\.index) == [0, 1, 2] && !files.contains { !$0.isWanted })
        let film = try #require(files.first { $0.path == "\(Rig.filmName)/\(Rig.filmName).mkv" })
        let there = try await rig.client.availability(of: film.index, in: Rig.film)
        #expect(there.path == "/data/downloads/\(film.path)" && there.size == film.size && !there.ranges.isEmpty)
        #expect(zip(there.ranges, there.ranges.dropFirst()).allSatisfy { $0.offset + $0.length < $1.offset })
        let error = await #expect(throws: PluginError.self) { try await rig.client.availability(of: 9, in: Rig.film) }
        #expect(error?.code.value == .notFound)
    }

    @Test(
        "hexadecimal digits become bytes",
        arguments: [("", []), ("80ff", [128, 255]), ("8", []), ("80zz", [128])] as [(String, [UInt8])]
    )
    func digits(text: String, bytes: [UInt8]) {
        #expect(AvailabilityReader.bytes(text) == bytes)
    }
}
