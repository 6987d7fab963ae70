import CLibTorrent
import FoundationEssentials
import PluginAPI
import Testing

@testable import LibTorrent

struct ItemTests {
    private let start = ContinuousClock.now

    private func item(
        after seconds: Double = 0,
        notes change: (inout TorrentNotes) -> Void = { _ in },
        record changeRecord: (inout TorrentRecord) -> Void = { _ in },
        _ fill: (inout kdt_status) -> Void
    ) -> DownloadItem {
        var notes = TorrentNotes(
            id: "a",
            hashes: InfoHashes(v1: "a"),
            savePath: "/films",
            added: Date(timeIntervalSince1970: 0)
        )
        change(&notes)
        let file = TorrentLayout.File(index: 0, path: "Film/a.mkv", size: 100, offset: 0)
        let layout = TorrentLayout(files: [file], slots: 1, pieceCount: 1, pieceSize: 100)
        var record = TorrentRecord(number: 1, notes: notes, layout: layout, now: start)
        var raw = kdt_status()
        (raw.phase, raw.has_metadata, raw.wanted, raw.copies) = (Int32(KDT_DOWNLOADING.rawValue), true, 100, -1)
        (raw.swarm_seeds, raw.swarm_leechers) = (-1, -1)
        fill(&raw)
        var status = TorrentStatus(raw)
        if status.savePath.isEmpty { status.savePath = "/films" }
        record.update(status, now: start)
        changeRecord(&record)
        _ = record.refresh(now: start + .seconds(seconds))
        return record.item
    }

    private static func finish(_ raw: inout kdt_status) {
        (raw.phase, raw.wanted_done) = (Int32(KDT_FINISHED.rawValue), 100)
    }

    @Test("is complete when everything is verified and in its place, and shared")
    func complete() {
        let item = item(Self.finish)
        #expect(item.isComplete && item.state == .seeding && item.remaining == 0)
        #expect(item.contentPath == "/films/Film")
        #expect(!item.canMoveFiles && !item.canBeRemoved)
    }

    @Test("is not complete before it has been moved")
    func beforeMove() {
        let item = item(record: { $0.status?.savePath = "/waiting" }, Self.finish)
        #expect(!item.isComplete && item.state == .postProcessing && item.stage?.value == .moving)
        #expect(item.contentPath == "/waiting/Film")
    }

    @Test("may be removed when it has been shared as much as was wanted")
    func goal() {
        let item = item(notes: { $0.reachedGoal = true }) { raw in
            Self.finish(&raw)
            raw.flags = UInt32(KDT_PAUSED)
        }
        #expect(item.state == .completed && item.canBeRemoved && item.canMoveFiles)
    }

    @Test("may be moved but not removed when a person has paused it")
    func pausedComplete() {
        let item = item { raw in
            Self.finish(&raw)
            raw.flags = UInt32(KDT_PAUSED)
        }
        #expect(item.state == .completed && !item.canBeRemoved && item.canMoveFiles)
    }

    @Test("waits for its turn, or is paused, by who has stopped it")
    func stopped() {
        #expect(item { $0.flags = UInt32(KDT_PAUSED) }.state == .paused)
        #expect(item { $0.flags = UInt32(KDT_PAUSED | KDT_QUEUED) }.state == .queued)
    }

    @Test("is stalled when nothing has come for a while, and says why")
    func stalled() {
        let soon = item(after: 5) { _ in }
        #expect(soon.state == .downloading && soon.message == nil)
        let later = item(after: 11) { _ in }
        #expect(later.state == .stalled)
        #expect(later.message?.contains("Nobody") == true)
        let partial = item(after: 11) { raw in (raw.peers, raw.copies) = (2, 0.48) }
        #expect(partial.message?.contains("48 %") == true)
    }

    @Test("has no size while the files are not known")
    func metadata() {
        let item = item { raw in
            (raw.phase, raw.has_metadata, raw.wanted) = (Int32(KDT_METADATA.rawValue), false, 0)
        }
        #expect(item.state == .fetchingMetadata && item.size == 0 && !item.isComplete)
        #expect(item.message?.contains("list of files") == true)
    }

    @Test("shows what a tracker has said, as long as nobody else helps")
    func tracker() {
        let said = item(record: { $0.trackerFailures["t.example"] = "unregistered torrent" }) { _ in }
        #expect(said.message == "The tracker t.example says: unregistered torrent.")
        let moving = item(record: { $0.trackerFailures["t.example"] = "unregistered torrent" }) { $0.download_rate = 9 }
        #expect(moving.message == nil)
        #expect(moving.eta == 11)
    }

    @Test("is failed with the reason in words")
    func failed() {
        let item = item { raw in
            raw.has_error = true
            (raw.error.code, raw.error.is_system) = (28, true)
        }
        #expect(item.state == .failed && !item.isComplete)
        #expect(item.message?.contains("disk is full") == true)
    }

    @Test("is not complete when its files are gone")
    func gone() {
        let item = item(record: { $0.isMissingFiles = true }, Self.finish)
        #expect(item.state == .missingFiles && !item.isComplete)
        #expect(item.message?.contains("/films") == true)
    }
}
