import FoundationEssentials
import PluginAPI
import Testing

@testable import LibTorrent

struct TableTests {
    private let start = ContinuousClock.now
    private var table = TorrentTable(epoch: "e")

    private func record(_ number: UInt32, _ digit: String, v2: String? = nil) -> TorrentRecord {
        let hashes = InfoHashes(v1: String(repeating: digit, count: 40), v2: v2)
        let notes = TorrentNotes(
            id: hashes.v1 ?? "",
            hashes: hashes,
            savePath: "/d",
            added: Date(timeIntervalSince1970: 0)
        )
        return TorrentRecord(number: number, notes: notes, layout: nil, now: start)
    }

    @Test("answers everything to who does not know anything")
    mutating func first() {
        table.insert(record(1, "a"), now: start)
        let answer = table.changes(since: nil)
        #expect(answer.isComplete)
        #expect(answer.items.count == 1)
    }

    @Test("answers nothing when nothing has changed")
    mutating func unchanged() {
        for number in 1...100 { table.insert(record(UInt32(number), "\(number % 10)"), now: start) }
        let cursor = table.changes(since: nil).cursor
        table.change(5, now: start)
        let answer = table.changes(since: cursor)
        #expect(answer.items == [] && answer.removed == [] && !answer.isComplete)
        #expect(answer.cursor == cursor)
    }

    @Test("answers what has changed since, and only that")
    mutating func changed() {
        table.insert(record(1, "a"), now: start)
        table.insert(record(2, "b"), now: start)
        let cursor = table.changes(since: nil).cursor
        table.change(2, now: start) { $0.failure = "The disk is full." }
        let answer = table.changes(since: cursor)
        #expect(answer.items.map(\.message) == ["The disk is full."])
        #expect(!answer.isComplete)
    }

    @Test("names what was removed, unless it was added again")
    mutating func removed() {
        table.insert(record(1, "a"), now: start)
        table.insert(record(2, "b"), now: start)
        let cursor = table.changes(since: nil).cursor
        table.remove(1)
        table.remove(2)
        table.insert(record(3, "b"), now: start)
        let answer = table.changes(since: cursor)
        #expect(answer.removed == [String(repeating: "a", count: 40)])
        #expect(answer.items.map(\.id) == [String(repeating: "b", count: 40)])
    }

    @Test(
        "answers everything to a cursor of another run, or one that is nonsense",
        arguments: ["f-1", "", "e-99", "e-x"]
    )
    mutating func strange(cursor: String) {
        table.insert(record(1, "a"), now: start)
        #expect(table.changes(since: cursor).isComplete)
    }

    @Test("answers everything when more was removed than is remembered")
    mutating func forgotten() {
        let cursor = table.changes(since: nil).cursor
        for number in 1...1001 {
            table.insert(record(UInt32(number), "c"), now: start)
            table.remove(UInt32(number))
        }
        #expect(table.changes(since: cursor).isComplete)
    }

    @Test("finds a torrent by each of its hashes, also when one is learnt later")
    mutating func hashes() {
        let v2 = String(repeating: "d", count: 64)
        table.insert(record(1, "a"), now: start)
        #expect(table[v2] == nil)
        table.change(1, now: start) { $0.notes.hashes = InfoHashes(v2: v2) }
        #expect(table[v2]?.number == 1)
        #expect(table[String(v2.prefix(40))]?.number == 1)
        #expect(table.record(of: InfoHashes(v1: nil, v2: v2))?.id == String(repeating: "a", count: 40))
        table.remove(1)
        #expect(table[v2] == nil)
    }
}
