import FoundationEssentials
import PluginAPI
import Testing

@testable import SABnzbd

struct FeedTests {
    @Test("a job that is downloaded has progress, speed and time left")
    func downloading() async throws {
        let rig = try Rig()
        try rig.always("queue while downloading", "empty history")
        let changes = try await rig.client.changes(since: nil)
        #expect(changes.isComplete && changes.items.count == 2)
        let item = try #require(changes.items.first { $0.state == .downloading })
        #expect(item.size > item.remaining && item.remaining > 0 && item.downloadSpeed > 0 && !item.isComplete)
        #expect(item.category == "movies" && item.name == "Film.One.1999.720p.WEB.H264-KDK")
        #expect(changes.items.contains { $0.state == .paused })
    }

    @Test(
        "the steps of post-processing are stages",
        arguments: [
            ("QuickCheck", .verifying), ("Verifying", .verifying), ("Repairing", .repairing),
            ("Extracting", .extracting), ("Moving", .moving), ("Running", .script),
        ] as [(String, DownloadItem.Stage)]
    )
    func stages(status: String, stage: DownloadItem.Stage) async throws {
        let rig = try Rig()
        try rig.always("empty queue")
        rig.answer("history", Self.history(status, storage: "", loaded: true, action: "Unpacking: 03/05"))
        let item = try #require(try await rig.client.changes(since: nil).items.first)
        #expect(item.state == .postProcessing && item.stage == .known(stage) && !item.isComplete)
        #expect(item.message == "Unpacking: 03/05")
    }

    @Test("recorded post-processing is post-processing")
    func recordedStages() async throws {
        for (name, stage) in [("history, verifying", DownloadItem.Stage.verifying), ("history, repairing", .repairing)]
        {
            let rig = try Rig()
            try rig.always("empty queue", name)
            let item = try await rig.client.changes(since: nil).items.first { $0.name.hasPrefix("Film.One") }
            #expect(item?.state.value == .postProcessing && item?.stage == .known(stage))
        }
    }

    @Test("completed without a place is still moving")
    func moving() async throws {
        let rig = try Rig()
        try rig.always("empty queue")
        rig.answer("history", Self.history("Completed", storage: "", loaded: false))
        let item = try #require(try await rig.client.changes(since: nil).items.first)
        #expect(item.state == .postProcessing && item.stage == .known(.moving) && !item.isComplete)
        rig.answer("history", Self.history("Completed", storage: "/data/complete/movies/a/a.mkv", loaded: false))
        let done = try #require(try await rig.client.changes(since: nil).items.first)
        #expect(done.isComplete && done.contentPath == "/data/complete/movies/a/a.mkv")
        #expect(done.canMoveFiles && done.canBeRemoved && done.savePath == "/data/complete/movies/a")
    }

    @Test("an entry that is there twice while it is written counts once, as done")
    func doubled() async throws {
        let rig = try Rig()
        try rig.always("empty queue")
        let slots = [Self.slot("Completed", "", false), Self.slot("Completed", "/data/a.mkv", false)]
        rig.answer("history", Self.history(slots))
        let items = try await rig.client.changes(since: nil).items
        #expect(items.count == 1 && items.first?.isComplete == true)
    }

    @Test("recorded failures have reasons that say what to do, without addresses")
    func failures() async throws {
        let rig = try Rig()
        try rig.always("empty queue", "history with failures")
        let failed = try await rig.client.changes(since: nil).items.filter { $0.state == .failed }
        let words = failed.map { $0.message ?? "" }
        #expect(failed.count == 3)
        #expect(words.contains { $0.contains("articles are gone") || $0.contains("None of its articles") })
        #expect(words.contains { $0.contains("needs a password") })
        #expect(words.contains { $0.contains("could not get the NZB") })
        #expect(failed.allSatisfy { !$0.name.contains("hidden") && $0.message?.contains("://") == false })
    }

    @Test("an unchanged history is asked for with its number and told once")
    func quiet() async throws {
        let rig = try Rig()
        try rig.always("empty queue", "history after success")
        let first = try await rig.client.changes(since: nil)
        try rig.always("history unchanged")
        let second = try await rig.client.changes(since: first.cursor)
        #expect(second.cursor == first.cursor && second.items.isEmpty && !second.isComplete)
        let sent = rig.calls("history").map(\.formFields)
        #expect(sent.count == 2 && sent[0]["last_history_update"] == "" && sent[1]["last_history_update"] != "")
        #expect(sent[1]["limit"] == "50")
    }

    @Test("a job that is in neither list for a moment is not gone; one that stays away is")
    func gone() async throws {
        let rig = try Rig()
        try rig.always("empty history")
        rig.answer("queue", #"{"queue":{"slots":[{"nzo_id":"a","status":"Downloading","mb":"1","mbleft":"1"}]}}"#)
        let first = try await rig.client.changes(since: nil)
        try rig.always("empty queue")
        let second = try await rig.client.changes(since: first.cursor)
        #expect(second.removed.isEmpty)
        let third = try await rig.client.changes(since: second.cursor)
        #expect(third.removed == ["a"])
    }

    @Test("a retry gets a new id in SABnzbd and keeps its own for the host, also after a restart")
    func retryKeepsTheID() async throws {
        let rig = try Rig()
        try rig.always("empty queue", "retry")
        let id = "SABnzbd_nzo_old"
        let failed = #"{"nzo_id":"\#(id)","status":"Failed","fail_message":"Unpacking failed","retry":1}"#
        rig.answer("history", Self.history([failed]))
        try await rig.client.retry(id)
        let new = try #require(try Recording.exchanges.exchange("retry").response.body?["nzo_id"]?.string)
        #expect(new != id)
        rig.answer("queue", #"{"queue":{"slots":[{"nzo_id":"\#(new)","status":"Downloading","mb":"1","mbleft":"1"}]}}"#)
        try rig.always("empty history")
        #expect(try await rig.client.changes(since: nil).items.map(\.id) == [id])
        #expect(try await rig.client.item(id)?.state != nil)
        let later = try SABnzbdClient(settings: .init(), host: rig.host)
        #expect(try await later.changes(since: nil).items.map(\.id) == [id])
    }

    @Test("when nothing arrives the news server's refusal is the reason")
    func stalled() async throws {
        let rig = try Rig()
        try rig.always(
            "queue while the news server refuses the login",
            "servers after a refused login",
            "empty history"
        )
        var states: [DownloadItem.State?] = []
        for _ in 0..<3 { states.append(try await rig.client.changes(since: nil).items.first?.state.value) }
        #expect(states == [.downloading, .downloading, .stalled])
        let message = try await rig.client.changes(since: nil).items.first?.message ?? ""
        #expect(message.contains("refuses SABnzbd's login") && message.contains("481"))
    }

    @Test("ten thousand old entries are read in pages and bounded", .timeLimit(.minutes(1)))
    func manyEntries() async throws {
        let rig = try Rig()
        try rig.always("empty queue")
        rig.host.always(
            .init("POST", "/api?mode=history") { request in
                let start = Int(request.formFields["start"] ?? "") ?? 0
                let slots = (start..<start + 500).map { Self.slot("Completed", "/data/\($0)", false, id: "n\($0)") }
                return ServiceResponse(status: 200, body: Data(Self.history(slots, total: 10_000).utf8))
            }
        )
        #expect(try await rig.client.changes(since: nil).items.count == 5000)
        #expect(rig.calls("history").count == 10)
    }

    // MARK: Answers

    private static func slot(
        _ status: String,
        _ storage: String,
        _ loaded: Bool,
        id: String = "SABnzbd_nzo_a",
        action: String = ""
    ) -> String {
        """
        {"nzo_id":"\(id)","name":"Film","status":"\(status)","storage":"\(storage)","loaded":\(loaded),\
        "action_line":"\(action)","bytes":100,"fail_message":"","retry":0}
        """
    }

    private static func history(_ slots: [String], total: Int? = nil) -> String {
        """
        {"history":{"slots":[\(slots.joined(separator: ","))],"noofslots":\(total ?? slots.count),\
        "last_history_update":7}}
        """
    }

    private static func history(_ status: String, storage: String, loaded: Bool, action: String = "") -> String {
        history([slot(status, storage, loaded, action: action)])
    }
}
