import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

struct QueueSnapshotTests {
    private let snapshot = QueueSnapshot()

    private func item(_ id: String, at seconds: Double) -> QueueItem {
        var item = QueueItem.sample(id, added: ManualClock.start.addingTimeInterval(seconds))
        item.media = .init(titleID: "m", kind: .movie)
        return item
    }

    @Test("knows the newest item of a title, also after that one is gone")
    func newest() {
        let (old, new) = (item("old", at: 0), item("new", at: 1))
        for item in [old, new, old] { snapshot.note(item) }
        #expect(snapshot.newestItem(for: "m")?.id == "new")
        snapshot.drop(new, next: old)
        #expect(snapshot.newestItem(for: "m")?.id == "old")
        snapshot.drop(old, next: nil)
        #expect(snapshot.newestItem(for: "m") == nil)
    }
}
