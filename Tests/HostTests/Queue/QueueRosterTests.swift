import PluginAPI
import Testing

@testable import Host

@Suite("The roster of the queue")
struct QueueRosterTests {
    private let hash = Samples.hash(1)

    private func item(_ id: String = "a", _ change: (inout QueueItem) -> Void = { _ in }) -> QueueItem {
        var item = QueueItem.sample(id)
        item.clientID = "one"
        change(&item)
        return item
    }

    private func roster(_ items: QueueItem...) -> QueueRoster {
        var roster = QueueRoster()
        for item in items { roster.set(item) }
        return roster
    }

    @Test("finds an item by the client's id, by hash and by title, and not by what it no longer has")
    func finding() {
        var roster = roster(
            item {
                $0.downloadID = "d1"
                $0.infoHash = hash
                $0.media = .init(titleID: "t1", kind: .movie)
            }
        )
        #expect(roster.item(of: DownloadKey(clientID: "one", downloadID: "d1"))?.id == "a")
        #expect(roster.items(withInfoHash: hash).map(\.id) == ["a"] && roster.items(for: "t1").map(\.id) == ["a"])
        roster.set(item { $0.downloadID = "d2" })
        #expect(roster.item(of: DownloadKey(clientID: "one", downloadID: "d1")) == nil)
        #expect(roster.item(of: DownloadKey(clientID: "one", downloadID: "d2"))?.id == "a")
        #expect(roster.items(withInfoHash: hash).isEmpty && roster.items(for: "t1").isEmpty)
        #expect(roster.remove("a")?.downloadID == "d2" && roster["a"] == nil)
        #expect(roster.item(of: DownloadKey(clientID: "one", downloadID: "d2")) == nil)
    }

    @Test("the client's id belongs to the last item that has it")
    func takenOver() {
        var roster = roster(item("a") { $0.downloadID = "d" }, item("b") { $0.downloadID = "d" })
        roster.remove("a")
        #expect(roster.item(of: DownloadKey(clientID: "one", downloadID: "d"))?.id == "b")
    }

    @Test("long hashes are told apart, although clients shorten them")
    func longHashes() {
        let (first, second) = (hash + "aa", hash + "bb")
        let roster = roster(item("a") { $0.infoHash = first }, item("b") { $0.infoHash = second })
        #expect(roster.items(withInfoHash: first).map(\.id) == ["a"])
        #expect(roster.wants(DownloadKey(clientID: "one", downloadID: hash)))
    }

    @Test("a download is wanted by the item that has it or waits to be given it")
    func wanted() {
        let key = DownloadKey(clientID: "one", downloadID: hash)
        #expect(roster(item { $0.downloadID = hash }).wants(key))
        #expect(roster(item { $0.infoHash = hash }).wants(key))
        #expect(!roster(item { $0.infoHash = hash }).wants(DownloadKey(clientID: "two", downloadID: hash)))
        #expect(!roster().wants(key))
        let ignored = item {
            $0.infoHash = hash
            _ = $0.tracked.ignore()
        }
        #expect(!roster(ignored).wants(key))
    }

    @Test("knows for each client what has to be looked at")
    func concerns() {
        var roster = roster(item("a") { $0.downloadID = "d" })
        #expect(roster.ids(.open, at: "one") == ["a"] && roster.ids(.unreported, at: "one") == ["a"])
        roster.set(
            item("a") {
                $0.downloadID = "d"
                $0.report(.paused)
                $0.clientProblem = "It does not answer."
            }
        )
        #expect(roster.ids(.unreported, at: "one").isEmpty && roster.ids(.active, at: "one").isEmpty)
        #expect(roster.ids(.unanswered, at: "one") == ["a"])
        roster.set(item("a") { _ = $0.tracked.handleMissing(at: ManualClock.start) })
        #expect(roster.ids(.timed) == ["a"] && roster.ids(.unanswered).isEmpty)
        roster.set(item("a") { _ = $0.tracked.ignore() })
        #expect(QueueRoster.Concern.allCases.filter { !roster.ids($0).isEmpty } == [.done])
        roster.remove("a")
        #expect(roster.ids(.done).isEmpty)
    }

    @Test("an item that moves to another client leaves nothing behind")
    func moved() {
        var roster = roster(item())
        roster.set(item { $0.clientID = "two" })
        #expect(roster.ids(.open, at: "one").isEmpty && roster.ids(.open, at: "two") == ["a"])
    }
}
