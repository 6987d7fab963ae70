import FoundationEssentials
import PluginAPI
import Testing

@testable import QBittorrent

struct AddTests {
    /// A rig whose list is empty at first, and holds the film after `torrents/add`.
    private func rig(_ recording: Recording, change: (inout QBittorrentSettings) -> Void = { _ in }) throws -> Rig {
        let rig = try Rig(recording, change: change)
        try rig.host.always("createCategory again: 409", of: recording.exchanges)
        try rig.host.always("add a magnet", of: recording.exchanges)
        let listed = try recording.exchanges.exchange("torrents/info just after adding a magnet").response
            .serviceResponse()
        let host = rig.host
        rig.host.always(
            .init("GET", "/api/v2/torrents/info") { _ in
                host.requests(to: "/api/v2/torrents/add").isEmpty
                    ? ServiceResponse(status: 200, body: Data("[]".utf8)) : listed
            }
        )
        return rig
    }

    @Test("adds a magnet and names its info hash", arguments: Recording.all)
    func magnet(recording: Recording) async throws {
        let rig = try rig(recording)
        let added = try await rig.client.add(.init(source: .magnet, link: Recording.filmMagnet), file: nil)
        #expect(added == AddedDownload(id: Recording.film, infoHash: Recording.film))
        let request = try #require(rig.host.requests(to: "/api/v2/torrents/add").first)
        #expect(request.part("urls") == Recording.filmMagnet)
        #expect(request.part("category") == "movies")
        #expect(request.part("paused") == "false")
        #expect(request.part("stopped") == "false")
        #expect(request.part("savepath") == nil && request.part("ratioLimit") == nil)
    }

    @Test("knows no options, and says so")
    func unknownOption() async throws {
        let rig = try rig(.v4)
        var request = AddDownload(source: .magnet, link: Recording.filmMagnet)
        request.options = ["colour": "red"]
        let error = await #expect(throws: PluginError.self) { try await rig.client.add(request, file: nil) }
        #expect(error?.code.value == .invalid && error?.field == "options.colour")
        #expect(rig.host.requests(to: "/api/v2/torrents/add").isEmpty)
    }

    @Test("one that hangs has surely not taken anything, so that another client may have it")
    func hangs() async throws {
        let rig = try rig(.v4)
        rig.host.always(.init("GET", "/api/v2/torrents/info", failing: PluginError(.timeout, "It stays silent.")))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Recording.filmMagnet), file: nil)
        }
        #expect(error?.code.value == .unreachable)
        #expect(rig.host.requests(to: "/api/v2/torrents/add").isEmpty)
    }

    @Test("passes on path, limits, order and the wish to wait")
    func options() async throws {
        let rig = try rig(.v4) {
            $0.seedTimeLimit = 90
            $0.sequential = true
        }
        var request = AddDownload(source: .magnet, link: "magnet:?xt=urn:btih:\(Recording.film)")
        request.name = "Night & Day"
        request.category = "tv"
        request.savePath = "/data/tv"
        request.paused = true
        request.seedRatioLimit = 1.5
        rig.answer("POST", "torrents/setShareLimits")
        _ = try await rig.client.add(request, file: nil)
        let sent = try #require(rig.host.requests(to: "/api/v2/torrents/add").first)
        let parts = Dictionary(sent.parts.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
        #expect(
            parts == [
                "urls": "magnet:?xt=urn:btih:\(Recording.film)&dn=Night%20%26%20Day", "category": "tv",
                "savepath": "/data/tv", "autoTMM": "false", "paused": "true", "stopped": "true", "ratioLimit": "1.5",
                "seedingTimeLimit": "90", "sequentialDownload": "true",
            ]
        )
        #expect(rig.host.requests(to: "/api/v2/torrents/createCategory").first?.formFields["category"] == "tv")
    }

    @Test(
        "limits of seeding that a version does not take with the torrent are set afterwards",
        arguments: [(1.5, 90, 0), (-1, -1, 1), (1.5, -1, 1)]
    )
    func lateLimits(listedRatio: Double, listedMinutes: Int, calls: Int) async throws {
        let rig = try rig(.v4)
        let listed: JSONValue = [
            "hash": .string(Recording.film), "max_ratio": .number(listedRatio),
            "max_seeding_time": .integer(Int64(listedMinutes)),
        ]
        try rig.answer("GET", "torrents/info", .array([listed]))
        rig.host.expect(.init("GET", "/api/v2/torrents/info", text: "[]"))
        rig.answer("POST", "torrents/setShareLimits")
        var request = AddDownload(source: .magnet, link: Recording.filmMagnet)
        (request.seedRatioLimit, request.seedTimeLimit) = (1.5, 90)
        _ = try await rig.client.add(request, file: nil)
        let sent = rig.host.requests(to: "/api/v2/torrents/setShareLimits")
        #expect(sent.count == calls)
        #expect(sent.allSatisfy { $0.formFields["ratioLimit"] == "1.5" && $0.formFields["seedingTimeLimit"] == "90" })
    }

    @Test("waits until the list shows the torrent", arguments: Recording.all)
    func lateListing(recording: Recording) async throws {
        let rig = try rig(recording)
        let body = try recording.exchanges.exchange("torrents/info just after adding a magnet").response
            .serviceResponse()
        for _ in 0..<5 { rig.host.expect(.init("GET", "/api/v2/torrents/info", text: "[]")) }
        rig.host.expect(.init("GET", "/api/v2/torrents/info") { _ in body })
        // The expected steps come first only for the list; everything else is served from the table.
        let added = try await rig.client.add(.init(source: .magnet, link: Recording.filmMagnet), file: nil)
        #expect(added.id == Recording.film)
        #expect(rig.waits.all.count == 4)
    }

    @Test("says so when an accepted torrent never shows up, after a bounded wait")
    func neverListed() async throws {
        let rig = try rig(.v4)
        rig.answer("GET", "torrents/info", "[]")
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Recording.filmMagnet), file: nil)
        }
        // It may still come, so no other client may be given it.
        #expect(error?.code.value == .interrupted)
        #expect(rig.waits.all.count == 19)
    }

    @Test("a torrent that is there is named, and not added again", arguments: Recording.all)
    func duplicateBefore(recording: Recording) async throws {
        let rig = try rig(recording)
        try rig.host.always("torrents/info complete, seeding", of: recording.exchanges)
        let added = try await rig.client.add(.init(source: .magnet, link: Recording.filmMagnet), file: nil)
        #expect(added == AddedDownload(id: Recording.film, existed: true, infoHash: Recording.film))
        #expect(rig.host.requests(to: "/api/v2/torrents/add").isEmpty)
    }

    @Test("a torrent that somebody else adds in between is named", arguments: Recording.all)
    func duplicateBetween(recording: Recording) async throws {
        let rig = try rig(recording)
        try rig.host.always("add the same magnet again", of: recording.exchanges)
        let added = try await rig.client.add(.init(source: .magnet, link: Recording.filmMagnet), file: nil)
        #expect(added.existed)
    }

    @Test("a refusal without a duplicate is an error", arguments: Recording.all)
    func refused(recording: Recording) async throws {
        let rig = try rig(recording)
        try rig.host.always("add a url that is none", of: recording.exchanges)
        rig.answer("GET", "torrents/info", "[]")
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Recording.filmMagnet), file: nil)
        }
        #expect(error?.code.value == .invalid)
    }

    @Test("a file that qBittorrent does not take is an error", arguments: Recording.all)
    func refusedFile(recording: Recording) async throws {
        let rig = try rig(recording)
        try rig.host.always("add a file that is no torrent", of: recording.exchanges)
        rig.answer("GET", "torrents/info", "[]")
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .torrent), file: Samples.v1Torrent)
        }
        #expect(error?.code.value == .invalid)
        #expect(error?.field == "file")
    }

    @Test(
        "uploads a .torrent under the hash of its info",
        arguments: [
            "Ok.",
            #"{"added_torrent_ids":["\#(Samples.v1Hash)"],"success_count":1,"failure_count":0,"pending_count":0}"#,
        ]
    )
    func torrentFile(answer: String) async throws {
        let rig = try rig(.v4)
        rig.answer("POST", "torrents/add", answer)
        let listed = JSONValue.array([["hash": .string(Samples.v1Hash), "state": "stoppedDL"]])
        let text = String(decoding: try JSONEncoder().encode(listed), as: UTF8.self)
        rig.host.always(.init("GET", "/api/v2/torrents/info?hashes=\(Samples.v1Hash)", text: text))
        rig.host.expect(.init("GET", "/api/v2/torrents/info", text: "[]"))
        let added = try await rig.client.add(.init(source: .torrent), file: Samples.v1Torrent)
        #expect(added == AddedDownload(id: Samples.v1Hash, infoHash: Samples.v1Hash))
        let part = try #require(rig.host.requests(to: "/api/v2/torrents/add").first?.parts.first)
        #expect(part.name == "torrents" && part.fileName?.hasSuffix(".torrent") == true)
        #expect(part.content == Array(Samples.v1Torrent))
    }

    @Test("looks for a hybrid torrent under both of its ids")
    func hybrid() async throws {
        let rig = try rig(.v52)
        let link = "magnet:?xt=urn:btih:\(Recording.film)&xt=urn:btmh:1220\(String(repeating: "ab", count: 32))"
        let added = try await rig.client.add(.init(source: .magnet, link: link), file: nil)
        #expect(added == AddedDownload(id: Recording.film, infoHash: Recording.film))
        let ids = String(repeating: "ab", count: 20) + "%7C" + Recording.film
        #expect(rig.host.requests(to: "/api/v2/torrents/info").first?.target == "/api/v2/torrents/info?hashes=\(ids)")
    }

    @Test(
        "a source that is no torrent is refused without a request",
        arguments: [
            AddDownload(source: .nzb), AddDownload(source: .torrent), AddDownload(source: .url, link: "ftp://a/b"),
            AddDownload(source: .url, link: "http://a/b\nhttp://c/d"),
            AddDownload(source: .magnet, link: "magnet:?dn=x"),
        ]
    )
    func refusedEarly(request: AddDownload) async throws {
        let rig = try Rig()
        await #expect(throws: PluginError.self) { try await rig.client.add(request, file: nil) }
        #expect(rig.host.requests.isEmpty)
    }

    @Test("a category that qBittorrent does not take is named")
    func badCategory() async throws {
        let rig = try rig(.v4) { $0.category = "a//b" }
        rig.answer("POST", "torrents/createCategory", status: 400)
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Recording.filmMagnet), file: nil)
        }
        #expect(error?.field == "category")
    }
}
