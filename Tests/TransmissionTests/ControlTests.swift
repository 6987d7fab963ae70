import FoundationEssentials
import PluginAPI
import Testing

@testable import Transmission

struct ControlTests {
    private static let ids: JSONValue = [.string(Rig.film)]

    private func rig() throws -> Rig {
        let rig = try Rig()
        try rig.always("all torrents while downloading")
        try rig.always("complete")
        for method in ["torrent-stop", "torrent-start", "torrent-verify", "torrent-set", "torrent-reannounce"] {
            rig.answer(method)
        }
        return rig
    }

    @Test("levels become lists, of which none is empty")
    func levels() {
        #expect(TorrentControl.arguments(for: [:]).isEmpty)
        #expect(TorrentControl.arguments(for: [2: .skip, 1: .skip]) == ["files-unwanted": [1, 2]])
        #expect(
            TorrentControl.arguments(for: [0: .high, 1: .normal, 2: .skip]) == [
                "files-unwanted": [2], "files-wanted": [0, 1], "priority-high": [0], "priority-normal": [1],
            ]
        )
    }

    @Test(
        "a range raises its file, and asks for order where the version has that",
        arguments: [(16, false), (18, true)]
    )
    func ranges(version: Int, isOrdered: Bool) async throws {
        let rig = try rig()
        try rig.always("priorities")
        rig.answer("session-get", #"{"rpc-version":\#(version)}"#)
        var request = Prioritization(id: Rig.film)
        (request.fileIndex, request.ranges) = (1, [FileRange(offset: 0, length: 9)])
        try await rig.client.prioritize(request)
        let sent = try #require(rig.calls("torrent-set").first)
        #expect(sent["priority-high"] == [1] && sent["files-wanted"] == [1])
        #expect(sent["sequential_download"] == (isOrdered ? true : nil))
    }

    @Test("order alone is unsupported before 4.1")
    func order() async throws {
        let rig = try rig()
        try rig.always("priorities")
        try rig.always("session-get")
        var request = Prioritization(id: Rig.film)
        request.sequential = true
        let error = await #expect(throws: PluginError.self) { try await rig.client.prioritize(request) }
        #expect(error?.code.value == .unsupported)
        #expect(rig.calls("torrent-set").isEmpty)
    }

    @Test("a file that is not there is a conflict")
    func noFile() async throws {
        let rig = try rig()
        try rig.always("priorities")
        var request = Prioritization(id: Rig.film)
        request.files = [9: .skip]
        let error = await #expect(throws: PluginError.self) { try await rig.client.prioritize(request) }
        #expect(error?.code.value == .conflict)
    }

    @Test("what Transmission does not have is said, and removing it is a success")
    func missing() async throws {
        let rig = try Rig()
        try rig.always("unknown torrent: an empty list")
        rig.answer("torrent-remove")
        for order in [rig.client.pause, rig.client.resume, rig.client.retry] {
            let error = await #expect(throws: PluginError.self) { try await order(Rig.film) }
            #expect(error?.code.value == .notFound)
        }
        #expect(try await rig.client.item(Rig.film) == nil)
        try await rig.client.remove(Rig.film, deletingData: true)
        #expect(rig.calls("torrent-remove") == [["ids": Self.ids, "delete-local-data": true]])
    }

    @Test(
        "an id that would mean other torrents is refused without a call",
        arguments: ["", "recently-active", "7", "x"]
    )
    func badID(id: String) async throws {
        let rig = try rig()
        let error = await #expect(throws: PluginError.self) { try await rig.client.remove(id, deletingData: true) }
        #expect(error?.code.value == .invalid && rig.host.requests.isEmpty)
    }

    @Test("pausing all stops what runs, and resuming starts just that")
    func all() async throws {
        let rig = try rig()
        try await rig.client.pauseAll()
        let stopped = try #require(rig.calls("torrent-stop").first?["ids"]?.array)
        #expect(!stopped.isEmpty)
        try await rig.client.resumeAll()
        #expect(rig.calls("torrent-start").first?["ids"]?.array.map { Set($0) } == Set(stopped))
        try await rig.client.resumeAll()
        #expect(rig.calls("torrent-start").count == 1)
    }

    @Test("pausing all calls nothing when nothing runs, for no ids would mean every torrent")
    func nothingToPause() async throws {
        let rig = try rig()
        rig.answer("torrent-get", #"{"torrents":[]}"#)
        try await rig.client.pauseAll()
        try await rig.client.resumeAll()
        #expect(rig.calls("torrent-stop").isEmpty && rig.calls("torrent-start").isEmpty)
    }

    @Test("retrying a failed torrent checks its files, retrying a slow one asks the trackers")
    func retry() async throws {
        let rig = try rig()
        rig.answer("torrent-get", #"{"torrents":[{"hashString":"\#(Rig.film)","error":3,"status":0}]}"#)
        try await rig.client.retry(Rig.film)
        #expect(rig.calls("torrent-verify") == [["ids": Self.ids]])
        rig.answer("torrent-get", #"{"torrents":[{"hashString":"\#(Rig.film)","status":4,"leftUntilDone":5}]}"#)
        try await rig.client.retry(Rig.film)
        #expect(rig.calls("torrent-verify").count == 1 && rig.calls("torrent-reannounce") == [["ids": Self.ids]])
        #expect(rig.calls("torrent-start").count == 2)
    }
}
