import FoundationEssentials
import PluginAPI
import Testing

@testable import NZBGet

struct ControlTests {
    private func rig(queue: String = #"[{"NZBID":1,"Status":"DOWNLOADING"}]"#) throws -> Rig {
        let rig = try Rig()
        try rig.answerEmpty()
        rig.answer("listgroups", queue)
        for method in ["editqueue", "pausedownload", "resumedownload"] { rig.answer(method, "true") }
        return rig
    }

    private func commands(_ rig: Rig) -> [String?] { rig.calls("editqueue").map { $0.first?.string } }

    @Test("one and all are paused and resumed, and given priorities")
    func control() async throws {
        let rig = try rig()
        try await rig.client.pause("1")
        try await rig.client.resume("1")
        var request = Prioritization(id: "1")
        request.priority = .known(.low)
        request.files = [12: .high, 13: .skip]
        try await rig.client.prioritize(request)
        try await rig.client.pauseAll()
        try await rig.client.resumeAll()
        #expect(commands(rig) == ["GroupPause", "GroupResume", "GroupSetPriority", "FilePause", "FileMoveTop"])
        #expect(rig.calls("editqueue")[2] == ["GroupSetPriority", "-50", [1]])
        #expect(rig.calls("pausedownload").count == 1 && rig.calls("resumedownload").count == 1)
    }

    @Test("what is not there is not found, what is unpacked cannot be paused, and an id is a number")
    func refusals() async throws {
        let rig = try rig(queue: #"[{"NZBID":1,"Status":"UNPACKING"}]"#)
        for (id, code) in [("2", PluginError.Code.notFound), ("1", .conflict), ("1;2", .invalid), ("0", .invalid)] {
            let error = await #expect(throws: PluginError.self) { try await rig.client.pause(id) }
            #expect(error?.code.value == code)
        }
    }

    @Test(
        "a failed job is downloaded again, or only unpacked again when all has arrived",
        arguments: [("FAILURE/HEALTH", "HistoryRedownload"), ("FAILURE/UNPACK", "HistoryProcess")]
    )
    func retry(status: String, command: String) async throws {
        let rig = try rig(queue: "[]")
        rig.answer("history", #"[{"NZBID":1,"Status":"\#(status)"}]"#)
        try await rig.client.retry("1")
        #expect(commands(rig) == [command])
        rig.answer("editqueue", "false")
        let error = await #expect(throws: PluginError.self) { try await rig.client.retry("1") }
        #expect(error?.code.value == .unsupported)
    }

    @Test("a job is removed from the queue, from post-processing and from the history")
    func remove() async throws {
        for (status, deletes, command) in [
            ("DOWNLOADING", true, "GroupFinalDelete"), ("DOWNLOADING", false, "GroupParkDelete"),
            ("UNPACKING", true, "PostDelete"),
        ] {
            let rig = try rig(queue: "[]")
            let body = Data(#"{"result":[{"NZBID":1,"Status":"\#(status)"}]}"#.utf8)
            rig.host.expect(Rig.step("listgroups") { _ in ServiceResponse(status: 200, body: body) })
            rig.answer("history", #"[{"NZBID":1,"Status":"DELETED/MANUAL"}]"#)
            try rig.always("config", "config")
            try await rig.client.remove("1", deletingData: deletes)
            #expect(commands(rig) == [command, "HistoryFinalDelete"])
        }
        let gone = try rig(queue: "[]")
        try await gone.client.remove("1", deletingData: true)
        #expect(commands(gone).isEmpty)
    }

    @Test("files are called by NZBGet's own numbers")
    func files() async throws {
        let rig = try Rig()
        try rig.answerEmpty()
        try rig.always("listgroups", "queue while downloading")
        try rig.always("listfiles", "files")
        let files = try await rig.client.files(of: "1")
        #expect(!files.isEmpty && Set(files.map(\.index)).count == files.count && files.allSatisfy { $0.size > 0 })
    }
}
