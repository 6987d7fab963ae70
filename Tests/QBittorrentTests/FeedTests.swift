import FoundationEssentials
import PluginAPI
import Testing

@testable import QBittorrent

struct FeedTests {
    @Test("gives everything first and then what has changed", arguments: Recording.all)
    func fullThenPartial(recording: Recording) async throws {
        let rig = try Rig(recording)
        try rig.host.always("sync/maindata, full", of: recording.exchanges)
        try rig.host.always("sync/maindata, changes only", of: recording.exchanges)
        let first = try await rig.client.changes(since: nil)
        #expect(first.isComplete)
        let item = try #require(first.items.first)
        #expect(item.id == Recording.film)
        #expect(item.state == .downloading)
        #expect(item.category == "movies")
        #expect(item.contentPath == "/data/qbittorrent/incomplete/Night.of.the.Living.Dead.1968.720p.WEB.H264-RIG")

        let second = try await rig.client.changes(since: first.cursor)
        #expect(!second.isComplete)
        let changed = try #require(second.items.first)
        #expect(second.items.count == 1)
        #expect(changed.remaining < item.remaining)
        #expect(changed.name == item.name && changed.savePath == item.savePath)
        #expect(
            rig.host.requests.suffix(2).map(\.target) == ["/api/v2/sync/maindata?rid=0", "/api/v2/sync/maindata?rid=1"]
        )
    }

    @Test("a change of a field that no host sees is no change")
    func unmappedField() async throws {
        let rig = try Rig(Recording.v4)
        try rig.host.always("sync/maindata, full", of: Recording.v4.exchanges)
        rig.answer(
            "GET",
            "sync/maindata?rid=1",
            #"{"rid":2,"torrents":{"\#(Recording.film)":{"time_active":9,"tags":"x"}}}"#
        )
        let cursor = try await rig.client.changes(since: nil).cursor
        let next = try await rig.client.changes(since: cursor)
        #expect(next.items.isEmpty && next.removed.isEmpty && !next.isComplete)
        #expect(next.cursor == cursor)
    }

    @Test("names what is gone")
    func removed() async throws {
        let rig = try Rig(Recording.v4)
        try rig.host.always("sync/maindata, full", of: Recording.v4.exchanges)
        rig.answer("GET", "sync/maindata?rid=1", #"{"rid":2,"torrents_removed":["\#(Recording.film)"]}"#)
        let cursor = try await rig.client.changes(since: nil).cursor
        let next = try await rig.client.changes(since: cursor)
        #expect(next.removed == [Recording.film])
        #expect(next.items.isEmpty)
    }

    @Test(
        "a hybrid torrent keeps its id when the server lists it under another one",
        arguments: [#","torrents_removed":["\#(Recording.film)"]"#, ""]
    )
    func renamed(removed: String) async throws {
        let rig = try Rig(Recording.v4)
        let (v1, v2) = (Recording.film, String(repeating: "ab", count: 32))
        let short = String(v2.prefix(40))
        rig.answer(
            "GET",
            "sync/maindata?rid=0",
            #"{"rid":1,"full_update":true,"torrents":{"\#(v1)":{"state":"metaDL","infohash_v1":"\#(v1)","infohash_v2":""}}}"#
        )
        // As recorded: 4.5.2 tells that the old one is gone, 5.1.0 does not.
        rig.answer(
            "GET",
            "sync/maindata?rid=1",
            #"{"rid":2,"torrents":{"\#(short)":{"state":"stalledUP","size":5,"infohash_v1":"\#(v1)","infohash_v2":"\#(v2)"}}\#(removed)}"#
        )
        rig.answer("GET", "sync/maindata?rid=2", #"{"rid":3,"torrents":{"\#(short)":{"upspeed":7}}}"#)
        rig.answer("GET", "sync/maindata?rid=3", #"{"rid":4,"torrents_removed":["\#(short)"]}"#)
        let first = try await rig.client.changes(since: nil)
        #expect(first.items.map(\.id) == [v1])
        let second = try await rig.client.changes(since: first.cursor)
        #expect(second.items.map(\.id) == [v1] && second.removed.isEmpty)
        #expect(second.items.first?.isComplete == true && second.items.first?.infoHash == v1)
        let third = try await rig.client.changes(since: second.cursor)
        #expect(third.items.map(\.id) == [v1] && third.items.first?.uploadSpeed == 7)
        #expect(try await rig.client.changes(since: third.cursor).removed == [v1])
    }

    @Test("a hybrid torrent keeps the v2 id when its v1 hash comes later")
    func lateHash() async throws {
        let rig = try Rig(Recording.v4)
        let (v1, v2) = (Recording.film, String(repeating: "ab", count: 32))
        let short = String(v2.prefix(40))
        rig.answer(
            "GET",
            "sync/maindata?rid=0",
            #"{"rid":1,"full_update":true,"torrents":{"\#(short)":{"state":"metaDL","infohash_v1":"","infohash_v2":"\#(v2)"}}}"#
        )
        rig.answer("GET", "sync/maindata?rid=1", #"{"rid":2,"torrents":{"\#(short)":{"infohash_v1":"\#(v1)"}}}"#)
        let first = try await rig.client.changes(since: nil)
        #expect(first.items.map(\.infoHash) == [v2])
        let second = try await rig.client.changes(since: first.cursor)
        #expect(second.items.map(\.id) == [short] && second.items.map(\.infoHash) == [v1])
    }

    @Test("an answer that got lost can be asked for again")
    func lostAnswer() async throws {
        let rig = try Rig(Recording.v4)
        try rig.host.always("sync/maindata, full", of: Recording.v4.exchanges)
        try rig.host.always("sync/maindata, changes only", of: Recording.v4.exchanges)
        rig.answer("GET", "sync/maindata?rid=2", #"{"rid":3}"#)
        let cursor = try await rig.client.changes(since: nil).cursor
        let lost = try await rig.client.changes(since: cursor)
        let again = try await rig.client.changes(since: cursor)
        #expect(again.items == lost.items && !again.items.isEmpty)
    }

    @Test("a server that begins anew gives everything again, without what is gone")
    func restart() async throws {
        let rig = try Rig(Recording.v4)
        try rig.host.always("sync/maindata, full", of: Recording.v4.exchanges)
        let other = String(repeating: "a", count: 40)
        rig.answer(
            "GET",
            "sync/maindata?rid=1",
            #"{"rid":1,"full_update":true,"torrents":{"\#(other)":{"name":"Other","state":"stalledUP","size":5,"amount_left":0}}}"#
        )
        let cursor = try await rig.client.changes(since: nil).cursor
        let next = try await rig.client.changes(since: cursor)
        #expect(next.isComplete)
        #expect(next.items.map(\.id) == [other])
        #expect(next.cursor != cursor)
    }

    @Test(
        "a cursor of another instance asks for everything",
        arguments: ["", "x", "feedbeef-1", "0123456789abcdef-99", "0123456789abcdef-x"]
    )
    func foreignCursor(cursor: String) async throws {
        let rig = try Rig(Recording.v4)
        try rig.host.always("sync/maindata, full", of: Recording.v4.exchanges)
        #expect(try await rig.client.changes(since: cursor).isComplete)
    }

    @Test("polls at the same time are asked one after the other", .timeLimit(.minutes(1)))
    func concurrentPolls() async throws {
        let rig = try Rig(Recording.v4)
        rig.host.always(
            .init("GET", "/api/v2/sync/maindata") { request in
                await Task.yield()
                let next = 1 + (Int(request.target.drop { $0 != "=" }.dropFirst()) ?? 0)
                return ServiceResponse(status: 200, body: Data(#"{"rid":\#(next)}"#.utf8))
            }
        )
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { _ = try? await rig.client.changes(since: nil) } }
        }
        let asked = rig.host.requests(to: "/api/v2/sync/maindata").map(\.target)
        #expect(asked == (0..<10).map { "/api/v2/sync/maindata?rid=\($0)" })
    }

    @Test(
        "an answer that is not JSON, or cut off, is an error in words",
        arguments: ["<html>Welcome to the router</html>", #"{"rid":1,"full_update":true,"torrents":{"c1e5"#, "", "[]"]
    )
    func nonsense(answer: String) async throws {
        let rig = try Rig(Recording.v4)
        rig.answer("GET", "sync/maindata", answer)
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.code.value == .badResponse)
        #expect(error?.message.contains("another program") == true)
    }
}
