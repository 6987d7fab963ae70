import FoundationEssentials
import PluginAPI
import Testing

@testable import QBittorrent

struct ScaleTests {
    private static let count = 10_000

    /// A full answer with many copies of the recorded torrent, as 5.2.3 gives it.
    private static func fullAnswer() throws -> Data {
        let recorded = try Recording.v52.exchanges.exchange("sync/maindata, full").response.body?["torrents"]
        var fields = recorded?.object?.values.first?.object ?? [:]
        // Not the same torrent ten thousand times.
        fields["infohash_v1"] = nil
        let one = try JSONEncoder().encode(JSONValue.object(fields))
        var answer = Data(#"{"rid":1,"full_update":true,"torrents":{"#.utf8)
        for index in 0..<count {
            if index > 0 { answer.append(UInt8(ascii: ",")) }
            answer += Data("\"\(id(index))\":".utf8) + one
        }
        return answer + Data("}}".utf8)
    }

    private static func id(_ index: Int) -> String {
        let digits = String(index, radix: 16)
        return String(repeating: "0", count: 40 - digits.count) + digits
    }

    @Test("10,000 torrents: all at first, then only the one that changed", .timeLimit(.minutes(1)))
    func tenThousand() async throws {
        let full = try Self.fullAnswer()
        let rig = try Rig(Recording.v52)
        rig.host.always(.init("GET", "/api/v2/sync/maindata?rid=0") { _ in ServiceResponse(status: 200, body: full) })
        let one = Self.id(77)
        rig.answer("GET", "sync/maindata?rid=1", #"{"rid":2,"torrents":{"\#(one)":{"dlspeed":5}},"server_state":{}}"#)
        rig.answer("GET", "sync/maindata?rid=2", #"{"rid":3,"server_state":{"dl_info_speed":1}}"#)
        rig.answer("GET", "sync/maindata?rid=3", #"{"rid":3,"server_state":{"dl_info_speed":2}}"#)

        let first = try await rig.client.changes(since: nil)
        let second = try await rig.client.changes(since: first.cursor)
        let third = try await rig.client.changes(since: second.cursor)
        #expect(first.isComplete && first.items.count == Self.count)
        #expect(second.items.map(\.id) == [one] && second.items.first?.downloadSpeed == 5)
        #expect(third.items.isEmpty && third.cursor == second.cursor)

        // The quickest of some, so that a busy machine does not count.
        var times: [Duration] = []
        for _ in 0..<20 {
            let start = ContinuousClock.now
            _ = try await rig.client.changes(since: third.cursor)
            times.append(ContinuousClock.now - start)
        }
        #expect(try #require(times.min()) < .milliseconds(5))
    }

    @Test("remembers a bounded number of removals and asks to begin anew beyond")
    func manyRemovals() {
        var table = TorrentTable()
        let patches = Dictionary(uniqueKeysWithValues: (0..<2500).map { (Self.id($0), TorrentPatch()) })
        table.apply(MainData(responseID: 1, isFull: true, torrents: patches))
        let start = table.revision
        for index in 0..<2000 {
            table.apply(MainData(responseID: 2 + index, isFull: false, torrents: [:], removed: [Self.id(index)]))
        }
        #expect(table.changes(after: start).isComplete)
        let recent = table.changes(after: table.revision - 1000)
        #expect(!recent.isComplete && recent.removed.count == 1000)
        #expect(table.changes(after: nil).items.count == 500)
    }

    @Test("a torrent that is removed and added again is new, not gone")
    func removedAndAdded() {
        var table = TorrentTable()
        let id = Self.id(1)
        table.apply(MainData(responseID: 1, isFull: true, torrents: [id: TorrentPatch()]))
        let start = table.revision
        table.apply(MainData(responseID: 2, isFull: false, torrents: [:], removed: [id]))
        table.apply(MainData(responseID: 3, isFull: false, torrents: [id: TorrentPatch()]))
        let changes = table.changes(after: start)
        #expect(changes.items.map(\.id) == [id] && changes.removed.isEmpty)
    }
}
