import FoundationEssentials
import PluginAPI
import Testing

@testable import Deluge

struct OrderTests {
    private static let list: JSONValue = [.string(Rig.film)]

    /// A rig on which the film is not there yet, and calls succeed.
    private func empty(change: (inout DelugeSettings) -> Void = { _ in }) throws -> Rig {
        let rig = try Rig(change: change)
        try rig.always("unknown torrent")
        try rig.always("core.add_torrent_magnet")
        try rig.always("core.get_config_values")
        try rig.always("label.get_labels, none")
        for method in ["label.add", "label.set_torrent", "core.queue_top"] { rig.answer(method) }
        return rig
    }

    @Test("a magnet gets its folder, limits, place and label")
    func magnet() async throws {
        let rig = try empty()
        var request = AddDownload(source: .magnet, link: Rig.magnet)
        (request.category, request.savePath, request.paused) = ("Films", "/films", true)
        (request.seedRatioLimit, request.priority, request.options) = (1.5, .known(.high), ["download_limit": 100])
        let added = try await rig.client.add(request, file: nil)
        #expect(added == AddedDownload(id: Rig.film, infoHash: Rig.film))
        let options: JSONValue = [
            "add_paused": true, "stop_at_ratio": true, "stop_ratio": 1.5, "max_download_speed": 100,
            "move_completed_path": "/films",
        ]
        #expect(rig.calls("core.add_torrent_magnet") == [[.string(Rig.magnet), options]])
        #expect(
            rig.calls("label.add") == [["films"]] && rig.calls("label.set_torrent") == [[.string(Rig.film), "films"]]
        )
        #expect(rig.calls("core.queue_top") == [[Self.list]])
    }

    @Test("what is there already is that download")
    func existing() async throws {
        let rig = try Rig()
        try rig.always("status while downloading")
        let added = try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        #expect(added == AddedDownload(id: Rig.film, existed: true, infoHash: Rig.film))
        #expect(rig.calls("core.add_torrent_magnet").isEmpty)
    }

    @Test(
        "an answer that cannot be read leaves doubt, a web page in its place does not",
        arguments: [
            (#"{"id":1,"resu"#, PluginError.Code.interrupted), ("", .interrupted),
            (" <!doctype html><title>router</title>", .badResponse),
        ]
    )
    func unreadableAnswer(body: String, code: PluginError.Code) async throws {
        let rig = try Rig()
        try rig.always("unknown torrent")
        try rig.always("core.get_config_values")
        let isAdd: @Sendable (ServiceRequest) -> Bool = { $0.json["method"] == "core.add_torrent_magnet" }
        let response = ServiceResponse(status: 200, body: Data(body.utf8))
        rig.host.always(.init("POST", Rig.path, name: "add", accepts: isAdd, answer: { _ in response }))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        }
        #expect(error?.code.value == code)
    }

    @Test("what Deluge refuses is said with its words")
    func refused() async throws {
        let rig = try empty()
        try rig.always("core.add_torrent_magnet, v2")
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        }
        #expect(error?.code.value == .invalid && error?.message.contains("Deluge says") == true)
    }

    @Test("an address that only Deluge reaches is left to it")
    func unseen() async throws {
        let rig = try empty()
        rig.host.always(.init("GET", "/a.torrent", failing: PluginError(.unreachable, "Nobody is there.")))
        rig.answer("core.add_torrent_url", #""\#(Rig.film)""#)
        let request = AddDownload(source: .url, link: "http://indexer.example/a.torrent")
        #expect(try await rig.client.add(request, file: nil).id == Rig.film)
        rig.answer("core.add_torrent_url", error: #"{"code":4,"message":"<class 'x'>: 404\n]"}"#)
        let error = await #expect(throws: PluginError.self) { try await rig.client.add(request, file: nil) }
        #expect(error?.message.contains("Neither Kinodock nor Deluge") == true)
    }

    @Test("labels and wishes that Deluge would refuse are said first", arguments: ["4K films", "ä", "a,b"])
    func badLabel(label: String) async throws {
        let rig = try empty()
        var request = AddDownload(source: .magnet, link: Rig.magnet)
        request.category = label
        let error = await #expect(throws: PluginError.self) { try await rig.client.add(request, file: nil) }
        #expect(error?.code.value == .invalid && error?.field == "category")
        (request.category, request.options) = (nil, ["execute": "rm"])
        let other = await #expect(throws: PluginError.self) { try await rig.client.add(request, file: nil) }
        #expect(other?.field == "options.execute")
        #expect(rig.calls("core.add_torrent_magnet").isEmpty)
    }

    @Test("levels change the whole list, and a range asks for order and both ends")
    func prioritize() async throws {
        let rig = try Rig()
        rig.answer("core.get_torrent_status", #"{"hash":"x","file_priorities":[4,4,1]}"#)
        rig.answer("core.set_torrent_options")
        var request = Prioritization(id: Rig.film)
        (request.files, request.fileIndex) = ([0: .skip], 1)
        request.ranges = [FileRange(offset: 0, length: 9)]
        try await rig.client.prioritize(request)
        let options: JSONValue = [
            "file_priorities": [0, 7, 1], "sequential_download": true, "prioritize_first_last_pieces": true,
        ]
        #expect(rig.calls("core.set_torrent_options") == [[Self.list, options]])
        request.files = [7: .high]
        let error = await #expect(throws: PluginError.self) { try await rig.client.prioritize(request) }
        #expect(error?.code.value == .conflict)
    }

    @Test("what Deluge does not have is said, and removing it is a success")
    func missing() async throws {
        let rig = try Rig()
        try rig.always("unknown torrent")
        for order in [rig.client.pause, rig.client.resume, rig.client.retry] {
            let error = await #expect(throws: PluginError.self) { try await order(Rig.film) }
            #expect(error?.code.value == .notFound)
        }
        #expect(try await rig.client.item(Rig.film) == nil)
        try await rig.client.remove(Rig.film, deletingData: true)
        #expect(rig.calls("core.remove_torrent").isEmpty)
    }

    @Test("a torrent whose files are moved is removed afterwards, or not at all", .timeLimit(.minutes(1)))
    func removal() async throws {
        let rig = try Rig()
        try rig.always("core.remove_torrent")
        rig.answer("core.get_torrent_status", #"{"hash":"x","state":"Moving","total_size":9}"#)
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.remove(Rig.film, deletingData: true)
        }
        #expect(error?.code.value == .conflict && rig.calls("core.remove_torrent").isEmpty)
        rig.answer("core.get_torrent_status", #"{"hash":"x","state":"Seeding","total_size":9,"is_finished":true}"#)
        try await rig.client.remove(Rig.film, deletingData: true)
        #expect(rig.calls("core.remove_torrent") == [[.string(Rig.film), true]])
    }
}
