import FoundationEssentials
import PluginAPI
import Testing

@testable import SABnzbd

struct ControlTests {
    private static let queued = #"{"queue":{"slots":[{"nzo_id":"a","status":"Downloading","mb":"2","mbleft":"1"}]}}"#

    private func rig() throws -> Rig {
        let rig = try Rig()
        try rig.answerEmpty()
        rig.answer("queue", ["nzo_ids": "a"], Self.queued)
        for name in ["pause", "resume", "delete"] {
            rig.answer("queue", ["name": name], #"{"status":true,"nzo_ids":["a"]}"#)
        }
        rig.answer("queue", ["name": "priority"], #"{"position":0}"#)
        rig.answer("pause", #"{"status":true}"#)
        rig.answer("resume", #"{"status":true}"#)
        return rig
    }

    private func commands(_ rig: Rig) -> [[String]] {
        rig.calls("queue").map(\.formFields).filter { $0["name"] != nil }.map { fields in
            ["name", "value", "value2", "del_files"].compactMap { fields[$0] }
        }
    }

    @Test("one and all are paused and resumed, and given priorities")
    func control() async throws {
        let rig = try rig()
        try await rig.client.pause("a")
        try await rig.client.resume("a")
        var request = Prioritization(id: "a")
        request.priority = .known(.high)
        try await rig.client.prioritize(request)
        try await rig.client.pauseAll()
        try await rig.client.resumeAll()
        #expect(commands(rig) == [["pause", "a"], ["resume", "a"], ["priority", "a", "1"]])
        #expect(rig.calls("pause").count == 1 && rig.calls("resume").count == 1)
    }

    @Test("what is not there is not found, and what is done with cannot be paused")
    func missing() async throws {
        let rig = try rig()
        let error = await #expect(throws: PluginError.self) { try await rig.client.pause("none") }
        #expect(error?.code.value == .notFound)
        let recording = try Recording.exchanges.exchange("history after success").response.serviceResponse()
        rig.host.always(.init("POST", "/api?mode=history") { _ in recording })
        let body = try Recording.exchanges.exchange("history after success").response.body
        let id = try #require(body?["history"]?["slots"]?.array?.first?["nzo_id"]?.string)
        let done = await #expect(throws: PluginError.self) { try await rig.client.pause(id) }
        #expect(done?.code.value == .conflict)
    }

    @Test("ranges and skipped files are not for usenet")
    func unsupported() async throws {
        let rig = try rig()
        var ranges = Prioritization(id: "a")
        ranges.ranges = [FileRange(offset: 0, length: 1)]
        var skip = Prioritization(id: "a")
        skip.files = [0: .skip]
        for request in [ranges, skip] {
            let error = await #expect(throws: PluginError.self) { try await rig.client.prioritize(request) }
            #expect(error?.code.value == .unsupported)
        }
    }

    @Test("a job is removed from the queue with its data or without; one that is gone is a success")
    func remove() async throws {
        let rig = try rig()
        try await rig.client.remove("a", deletingData: true)
        try await rig.client.remove("a", deletingData: false)
        try await rig.client.remove("none", deletingData: true)
        #expect(commands(rig) == [["delete", "a", "1"], ["delete", "a", "0"]])
    }

    @Test("a job in post-processing is stopped before it is removed, and waited for")
    func removeWhileUnpacking() async throws {
        let rig = try Rig()
        try rig.always("empty queue")
        let working = Self.history(#"{"nzo_id":"a","status":"Extracting","loaded":true}"#)
        rig.answer("history", ["nzo_ids": "a"], Self.history(#"{"nzo_id":"a","status":"Failed","loaded":false}"#))
        rig.host.expect(
            .init("POST", "/api?mode=queue") { _ in
                ServiceResponse(status: 200, body: Data(#"{"queue":{"slots":[]}}"#.utf8))
            }
        )
        rig.host.expect(
            .init("POST", "/api?mode=history") { _ in
                ServiceResponse(status: 200, body: Data(working.utf8))
            }
        )
        rig.answer("cancel_pp", #"{"status":true,"nzo_id":"a"}"#)
        rig.answer("history", ["name": "delete"], #"{"status":true}"#)
        try await rig.client.remove("a", deletingData: false)
        #expect(rig.calls("cancel_pp").count == 1)
        let deleted = try #require(rig.calls("history").last?.formFields)
        #expect(deleted["name"] == "delete" && deleted["value"] == "a" && deleted["archive"] == "0")
    }

    @Test(
        "a retry without anything left, or that would take broken files as whole, is for the host to add again",
        arguments: [#""retry":0"#, #""retry":1,"fail_message":"Repair failed, not enough repair blocks (2 short)""#]
    )
    func retryOfNothing(rest: String) async throws {
        let rig = try Rig()
        try rig.always("empty queue")
        rig.answer("history", Self.history(#"{"nzo_id":"a","status":"Failed","loaded":false,\#(rest)}"#))
        let error = await #expect(throws: PluginError.self) { try await rig.client.retry("a") }
        #expect(error?.code.value == .unsupported)
    }

    @Test("files of a job keep their numbers while some become complete")
    func files() async throws {
        let rig = try rig()
        rig.answer(
            "get_files",
            """
            {"files":[{"filename":"b.rar","mbleft":"0.00","bytes":"10.00","nzf_id":"2"},
            {"filename":"a.rar","mbleft":"1.00","bytes":"2097152.00","nzf_id":"1"}]}
            """
        )
        let files = try await rig.client.files(of: "a")
        #expect(files.map(\.path) == ["a.rar", "b.rar"] && files.map(\.completed) == [1_048_576, 10])
    }

    private static func history(_ slot: String) -> String {
        #"{"history":{"slots":[\#(slot)],"noofslots":1,"last_history_update":3}}"#
    }
}
