import FoundationEssentials
import PluginAPI
import Testing

@testable import NZBGet

struct FeedTests {
    @Test("a job that is downloaded has progress and speed; repair blocks that wait do not count")
    func downloading() async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        try rig.always("listgroups", "queue while downloading")
        try rig.always("status", "status while downloading")
        let items = try await rig.client.changes(since: nil).items
        let item = try #require(items.first { $0.state == .downloading })
        #expect(item.size > item.remaining && item.remaining > 0 && item.downloadSpeed > 0 && item.eta != nil)
        #expect(item.category == "movies" && item.name == "Film.One.1999.720p.WEB.H264-KDK")
        let paused = try #require(items.first { $0.state == .paused })
        #expect(paused.remaining == paused.size && paused.size > 0)
    }

    @Test(
        "the steps of post-processing are stages",
        arguments: [
            ("LOADING_PARS", .verifying), ("VERIFYING_SOURCES", .verifying), ("VERIFYING_REPAIRED", .verifying),
            ("REPAIRING", .repairing), ("UNPACKING", .extracting), ("MOVING", .moving), ("RENAMING", .moving),
            ("PP_FINISHED", .moving), ("EXECUTING_SCRIPT", .script), ("PP_QUEUED", nil),
        ] as [(String, DownloadItem.Stage?)]
    )
    func stages(status: String, stage: DownloadItem.Stage?) async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        rig.answer(
            "listgroups",
            #"[{"NZBID":1,"Status":"\#(status)","PostInfoText":"Extracting a.mkv","PostStageProgress":420}]"#
        )
        let item = try #require(try await rig.client.changes(since: nil).items.first)
        #expect(item.state == .postProcessing && item.stage?.value == stage && !item.isComplete)
        if stage != nil { #expect(item.message == "Extracting a.mkv (42 %)") }
    }

    @Test("what somebody has deleted in NZBGet is gone, and no failure that would be tried again")
    func deletedByHand() async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        rig.answer("listgroups", #"[{"NZBID":1,"Status":"DOWNLOADING"}]"#)
        let first = try await rig.client.changes(since: nil)
        rig.answer("listgroups", "[]")
        rig.answer("history", #"[{"NZBID":1,"Status":"DELETED/MANUAL"}]"#)
        let second = try await rig.client.changes(since: first.cursor)
        #expect(second.removed == ["1"] && second.items.isEmpty)
        #expect(try await rig.client.item("1") == nil)
    }

    @Test("recorded verifying and repairing are stages")
    func recordedStages() async throws {
        for (name, stage) in [("queue, verifying", DownloadItem.Stage.verifying), ("queue, repairing", .repairing)] {
            let rig = try Rig()
            try rig.answerEmpty()
            try rig.always("listgroups", name)
            let items = try await rig.client.changes(since: nil).items
            #expect(items.contains { $0.stage == .known(stage) })
        }
    }

    @Test("a success is complete in its final folder, and not in the one for unfinished downloads")
    func completed() async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        try rig.always("history", "history after success")
        let item = try #require(try await rig.client.changes(since: nil).items.first { $0.name.contains("One") })
        #expect(item.isComplete && item.contentPath == "/data/complete/movies/Film.One.1999.720p.WEB.H264-KDK")
        #expect(item.canMoveFiles && item.canBeRemoved)
        let moving = try Rig()
        try moving.answerEmpty()
        moving.answer("history", ##"[{"NZBID":3,"Status":"SUCCESS/UNPACK","DestDir":"/data/incomplete/Film.#3"}]"##)
        let unfinished = try #require(try await moving.client.changes(since: nil).items.first)
        #expect(!unfinished.isComplete && unfinished.state == .postProcessing && unfinished.stage == .known(.moving))
    }

    @Test("recorded failures have reasons that say what to do")
    func failures() async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        try rig.always("history", "history with failures")
        let failed = try await rig.client.changes(since: nil).items.filter { $0.state == .failed }
        let words = failed.map { $0.message ?? "" }
        #expect(failed.count == 4)
        for part in ["articles are gone", "needs a password", "could not get the NZB", "this very NZB before"] {
            #expect(words.contains { $0.contains(part) }, "\(words)")
        }
        #expect(failed.allSatisfy { !$0.name.contains("hidden") && $0.message?.contains("hidden") == false })
    }

    @Test("the history is read again only when a job has left the queue, or after a minute")
    func quiet() async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        rig.answer("listgroups", #"[{"NZBID":1,"Status":"QUEUED"}]"#)
        var cursor = try await rig.client.changes(since: nil).cursor
        for _ in 0..<5 {
            let next = try await rig.client.changes(since: cursor)
            #expect(next.items.isEmpty && next.cursor == cursor)
            cursor = next.cursor
        }
        #expect(rig.calls("history").count == 1)
        rig.answer("listgroups", "[]")
        rig.answer("history", #"[{"NZBID":1,"Status":"SUCCESS/PAR","DestDir":"/data/complete/a"}]"#)
        #expect(try await rig.client.changes(since: cursor).items.first?.isComplete == true)
        #expect(rig.calls("history").count == 2)
        rig.host.advance(bySeconds: 61)
        _ = try await rig.client.changes(since: cursor)
        #expect(rig.calls("history").count == 3)
    }

    @Test("a whole pause is shown on every job but forced ones")
    func paused() async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        try rig.always("status", "status paused")
        rig.answer(
            "listgroups",
            #"[{"NZBID":1,"Status":"QUEUED"},{"NZBID":2,"Status":"DOWNLOADING","MaxPriority":900}]"#
        )
        let items = try await rig.client.changes(since: nil).items.sorted { $0.id < $1.id }
        #expect(items.map(\.state.value) == [.paused, .downloading])
        #expect(items.first?.message == "NZBGet as a whole is paused.")
    }

    @Test("when nothing arrives the log gives the news server's refusal as the reason")
    func stalled() async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        try rig.always("listgroups", "queue while the news server refuses the login")
        try rig.always("status", "status then")
        try rig.always("log", "log then")
        var states: [DownloadItem.State?] = []
        for _ in 0..<3 { states.append(try await rig.client.changes(since: nil).items.first?.state.value) }
        #expect(states == [.downloading, .downloading, .stalled])
        let message = try await rig.client.changes(since: nil).items.first?.message ?? ""
        #expect(message.contains("refuses NZBGet's login") && message.contains("481"))
    }
}
