import FoundationEssentials
import PluginAPI
import Testing

@testable import Transmission

struct AddTests {
    private static let file = Data(
        "d8:announce25:http://127.0.0.1/announce4:infod6:lengthi5e4:name5:a.txt12:piece lengthi16384e6:pieces20:01234567890123456789ee"
            .utf8
    )

    private func rig(change: (inout TransmissionSettings) -> Void = { _ in }) throws -> Rig {
        let rig = try Rig(change: change)
        try rig.always("torrent-add, magnet")
        rig.answer("torrent-set")
        rig.answer("session-get", #"{"version":"3.00"}"#)
        return rig
    }

    @Test("one that hangs has surely not taken anything, so that another client may have it")
    func hangs() async throws {
        let rig = try rig()
        let asks: @Sendable (ServiceRequest) -> Bool = { $0.json["method"]?.string == "session-get" }
        rig.host.always(
            .init("POST", Rig.path, name: "hangs", accepts: asks) { _ in throw PluginError(.timeout, "It stays silent.")
            }
        )
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        }
        #expect(error?.code.value == .unreachable && rig.calls("torrent-add").isEmpty)
    }

    @Test("a magnet gets its name, folder, label and limits")
    func magnet() async throws {
        let rig = try rig()
        rig.answer("queue-move-top")
        var request = AddDownload(source: .magnet, link: Rig.magnet)
        (request.name, request.category, request.savePath, request.paused) = ("A film", "films", "/films", true)
        (request.seedRatioLimit, request.seedTimeLimit, request.priority) = (1.5, 0, .known(.high))
        request.options = ["peer_limit": 9, "download_limit": 100]
        let added = try await rig.client.add(request, file: nil)
        #expect(added == AddedDownload(id: Rig.film, infoHash: Rig.film))
        #expect(
            rig.calls("torrent-add") == [
                ["filename": .string(Rig.magnet + "&dn=A%20film"), "paused": true, "download-dir": "/films"]
            ]
        )
        let ids: JSONValue = [.string(Rig.film)]
        #expect(
            rig.calls("torrent-set") == [
                ["ids": ids, "labels": ["films"]],
                [
                    "ids": ids, "seedRatioLimit": 1.5, "seedRatioMode": 1, "seedIdleLimit": 1, "seedIdleMode": 1,
                    "bandwidthPriority": 1, "peer-limit": 9, "downloadLimit": 100, "downloadLimited": true,
                ],
            ]
        )
        #expect(rig.calls("queue-move-top") == [["ids": ids]])
    }

    @Test("a file is sent as it is")
    func file() async throws {
        let rig = try rig()
        _ = try await rig.client.add(AddDownload(source: .torrent), file: Self.file)
        #expect(rig.calls("torrent-add").first?["metainfo"]?.string == Self.file.base64EncodedString())
    }

    @Test("what is there already is that download, and is left as it is")
    func duplicate() async throws {
        let rig = try Rig()
        rig.answer("session-get", #"{"version":"3.00"}"#)
        try rig.always("torrent-add again: torrent-duplicate")
        let added = try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        #expect(added == AddedDownload(id: Rig.film, existed: true, infoHash: Rig.film))
        #expect(rig.calls("torrent-set").isEmpty)
    }

    @Test("what Transmission cannot read is said")
    func unreadable() async throws {
        let rig = try Rig()
        rig.answer("session-get", #"{"version":"3.00"}"#)
        try rig.always("torrent-add, magnet of v2 alone")
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        }
        #expect(error?.code.value == .invalid && error?.message.contains("v2") == true)
    }

    @Test(
        "an answer that cannot be read leaves doubt, a web page in its place does not",
        arguments: [
            (#"{"result":"succ"#, PluginError.Code.interrupted), ("", .interrupted),
            (" <!doctype html><title>router</title>", .badResponse),
        ]
    )
    func unreadableAnswer(body: String, code: PluginError.Code) async throws {
        let rig = try rig()
        let isAdd: @Sendable (ServiceRequest) -> Bool = { $0.json["method"]?.string == "torrent-add" }
        let response = ServiceResponse(status: 200, body: Data(body.utf8))
        rig.host.always(.init("POST", Rig.path, name: "add", accepts: isAdd, answer: { _ in response }))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        }
        #expect(error?.code.value == code)
    }

    @Test("a success without a hash leaves doubt")
    func namelessSuccess() async throws {
        let rig = try Rig()
        rig.host.always(.init("POST", Rig.path, text: #"{"result":"success","arguments":{}}"#))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        }
        #expect(error?.code.value == .interrupted)
    }

    @Test("a label that cannot be set does not undo the download")
    func labelFails() async throws {
        let rig = try rig()
        rig.answer("torrent-set", result: "labels cannot contain comma (,) character")
        _ = try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        #expect(rig.host.lines.map(\.level) == [.warning])
    }

    @Test("the address of a torrent is fetched; one that only Transmission reaches is left to it")
    func address() async throws {
        let rig = try rig()
        let request = AddDownload(source: .url, link: "http://indexer.example/a.torrent")
        rig.host.expect(.init("GET", "/a.torrent") { _ in ServiceResponse(status: 200, body: Self.file) })
        _ = try await rig.client.add(request, file: nil)
        rig.host.expect(.init("GET", "/a.torrent", failing: PluginError(.unreachable, "Nobody is there.")))
        _ = try await rig.client.add(request, file: nil)
        #expect(rig.calls("torrent-add").map { $0["metainfo"] != nil } == [true, false])
        #expect(rig.calls("torrent-add").last?["filename"]?.string == request.link)
    }

    @Test("an address at which there is no torrent is said at once")
    func webPage() async throws {
        let rig = try rig()
        rig.host.always(.init("GET", "/a.torrent", text: "<html>Log in</html>"))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .url, link: "http://indexer.example/a.torrent"), file: nil)
        }
        #expect(error?.message.contains("web page") == true)
        #expect(rig.calls("torrent-add").isEmpty)
    }

    @Test("an address of which nobody gets a torrent is said with both reasons")
    func deadAddress() async throws {
        let rig = try Rig()
        rig.answer("session-get", #"{"version":"3.00"}"#)
        try rig.always("torrent-get of an address that is 404")
        rig.host.always(.init("GET", "/a.torrent", failing: PluginError(.timeout, "Nobody is there.")))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .url, link: "http://indexer.example/a.torrent"), file: nil)
        }
        #expect(error?.code.value == .remoteFailure && error?.message.contains("Nobody is there.") == true)
    }

    @Test(
        "wishes that make no sense are refused before anything is added",
        arguments: [
            ("script", true, "options.script"), ("peer_limit", "many", "options.peer_limit"),
            ("peer_limit", 0, "options.peer_limit"), ("sequential", 1, "options.sequential"),
        ] as [(String, JSONValue, String)]
    )
    func options(name: String, value: JSONValue, field: String) async throws {
        let rig = try rig()
        var request = AddDownload(source: .magnet, link: Rig.magnet)
        request.options = [name: value]
        let error = await #expect(throws: PluginError.self) { try await rig.client.add(request, file: nil) }
        #expect(error?.code.value == .invalid && error?.field == field)
        #expect(rig.host.requests.isEmpty)
    }

    @Test("an NZB is refused")
    func nzb() async throws {
        let rig = try rig()
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .nzb), file: Self.file)
        }
        #expect(error?.code.value == .unsupported)
    }
}
