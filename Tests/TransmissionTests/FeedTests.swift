import FoundationEssentials
import PluginAPI
import Testing

@testable import Transmission

struct FeedTests {
    private func rig() throws -> Rig {
        let rig = try Rig()
        try rig.always("all torrents while downloading")
        try rig.always("recently-active while downloading")
        return rig
    }

    private func asked(_ rig: Rig) -> [JSONValue?] {
        rig.calls("torrent-get").map { $0["ids"] }
    }

    @Test("gives everything first and asks for recent changes then")
    func fullThenRecent() async throws {
        let rig = try rig()
        let first = try await rig.client.changes(since: nil)
        #expect(first.isComplete)
        let item = try #require(first.items.first { $0.id == Rig.film })
        #expect(item.state == .downloading && item.name == Rig.filmName && item.seeders == nil)
        #expect(item.remaining > 0 && item.remaining < item.size && item.availability == 1)
        let second = try await rig.client.changes(since: first.cursor)
        #expect(!second.isComplete && second.items.map(\.id) == [Rig.film])
        #expect(second.items.first?.seeders == 1)
        #expect(asked(rig) == [nil, "recently-active"])
    }

    @Test("asks for everything after half a minute, and after a change of one's own")
    func fullAgain() async throws {
        let rig = try rig()
        rig.answer("torrent-remove")
        _ = try await rig.client.changes(since: nil)
        rig.host.advance(bySeconds: 31)
        _ = try await rig.client.changes(since: nil)
        try await rig.client.remove(Rig.film, deletingData: false)
        _ = try await rig.client.changes(since: nil)
        #expect(asked(rig) == [nil, nil, nil])
    }

    @Test("asks for everything when the session id is another one")
    func restart() async throws {
        let rig = try rig()
        _ = try await rig.client.changes(since: nil)
        try rig.host.expect("no session id: 409", of: rig.recording)
        _ = try await rig.client.changes(since: nil)
        #expect(asked(rig) == [nil, "recently-active", "recently-active", nil])
    }

    @Test("names what is gone by its hash")
    func removed() async throws {
        let rig = try rig()
        let cursor = try await rig.client.changes(since: nil).cursor
        let all = try rig.recording.exchange("all torrents while downloading").response.body
        let film = all?["arguments"]?["torrents"]?.array?.first { $0["hashString"]?.string == Rig.film }
        let number = try #require(film?["id"]?.integer)
        rig.answer("torrent-get", #"{"torrents":[],"removed":[\#(number),77]}"#)
        let next = try await rig.client.changes(since: cursor)
        #expect(next.removed == [Rig.film] && next.items.isEmpty && !next.isComplete)
    }

    @Test("an answer that got lost can be asked for again, and one that changes nothing is empty")
    func lostAnswer() async throws {
        let rig = try rig()
        let cursor = try await rig.client.changes(since: nil).cursor
        let lost = try await rig.client.changes(since: cursor)
        #expect(try await rig.client.changes(since: cursor).items == lost.items)
        let quiet = try await rig.client.changes(since: lost.cursor)
        #expect(quiet.items.isEmpty && quiet.removed.isEmpty && quiet.cursor == lost.cursor)
    }

    @Test("a torrent that has just become complete is looked at again before that is told")
    func settled() async throws {
        let rig = try rig()
        _ = try await rig.client.changes(since: nil)
        let body = try rig.recording.exchange("complete").response.body
        let complete = try #require(body?["arguments"]?["torrents"]?.array?.first)
        let text = String(decoding: try JSONEncoder().encode(complete), as: UTF8.self)
        rig.answer("torrent-get", #"{"torrents":[\#(text)],"removed":[]}"#)
        let changes = try await rig.client.changes(since: nil)
        #expect(changes.items.first { $0.id == Rig.film }?.isComplete == true)
        #expect(asked(rig) == [nil, "recently-active", [.string(Rig.film)]])
    }

    @Test("a cursor of another instance asks for everything", arguments: ["", "x", "other-1", "epoch-99", "epoch-x"])
    func foreignCursor(cursor: String) async throws {
        let rig = try rig()
        #expect(try await rig.client.changes(since: cursor).isComplete)
    }

    @Test("polls at the same time are asked one after the other", .timeLimit(.minutes(1)))
    func concurrentPolls() async throws {
        let rig = try rig()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 { group.addTask { _ = try? await rig.client.changes(since: nil) } }
        }
        #expect(asked(rig) == [nil] + Array(repeating: "recently-active", count: 9))
    }
}
