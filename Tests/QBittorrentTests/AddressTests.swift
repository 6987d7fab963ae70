import FoundationEssentials
import PluginAPI
import Testing

@testable import QBittorrent

struct AddressTests {
    private static let request = AddDownload(source: .url, link: "http://indexer.example/a.torrent")

    /// A rig on which the category is there, and the list holds nothing.
    private func rig(_ recording: Recording = .v4) throws -> Rig {
        let rig = try Rig(recording)
        try rig.host.always("createCategory again: 409", of: recording.exchanges)
        rig.answer("GET", "torrents/info", "[]")
        return rig
    }

    /// The website answers at "/a.torrent".
    private func site(_ rig: Rig, status: Int = 200, location: String? = nil, _ body: Data = Data()) {
        let headers = location.map { [HeaderField("Location", $0)] } ?? []
        rig.host.always(
            .init("GET", "/a.torrent") { _ in ServiceResponse(status: status, headers: headers, body: body) }
        )
    }

    /// The list holds the torrent of the samples or the film, with nothing else said of it.
    private func list(_ id: String, on rig: Rig) throws {
        try rig.answer("GET", "torrents/info", [["hash": .string(id), "state": "stalledDL"]])
    }

    @Test("the torrent of an address is uploaded")
    func torrent() async throws {
        let rig = try rig()
        site(rig, Samples.v1Torrent)
        let host = rig.host
        let listed = #"[{"hash":"\#(Samples.v1Hash)","state":"stalledDL"}]"#
        rig.host.always(
            .init("GET", "/api/v2/torrents/info") { _ in
                let isAdded = !host.requests(to: "/api/v2/torrents/add").isEmpty
                return ServiceResponse(status: 200, body: Data((isAdded ? listed : "[]").utf8))
            }
        )
        rig.answer("POST", "torrents/add", "Ok.")
        let added = try await rig.client.add(Self.request, file: nil)
        #expect(added == AddedDownload(id: Samples.v1Hash, infoHash: Samples.v1Hash))
        let part = try #require(rig.host.requests(to: "/api/v2/torrents/add").first?.parts.first)
        #expect(part.name == "torrents" && part.content == Array(Samples.v1Torrent))
    }

    @Test("a torrent that qBittorrent has already is that download, and is not added again")
    func existing() async throws {
        let rig = try rig()
        site(rig, Samples.v1Torrent)
        try list(Samples.v1Hash, on: rig)
        let added = try await rig.client.add(Self.request, file: nil)
        #expect(added == AddedDownload(id: Samples.v1Hash, existed: true, infoHash: Samples.v1Hash))
        #expect(rig.host.requests(to: "/api/v2/torrents/add").isEmpty)
    }

    @Test(
        "redirects are followed, also to a magnet",
        arguments: ["b.torrent?key=1", "/b.torrent?key=1", "https://other.example/b.torrent?key=1", nil]
    )
    func redirect(location: String?) async throws {
        let rig = try rig()
        site(rig, status: 302, location: location ?? Recording.filmMagnet)
        rig.host.always(
            .init("GET", "/b.torrent?key=1") { _ in ServiceResponse(status: 200, body: Samples.v1Torrent) }
        )
        try list(location == nil ? Recording.film : Samples.v1Hash, on: rig)
        let added = try await rig.client.add(Self.request, file: nil)
        #expect(added.existed && added.id == (location == nil ? Recording.film : Samples.v1Hash))
    }

    @Test(
        "what is no torrent is said at once, and not left to qBittorrent",
        arguments: [(200, "<html>Log in</html>", "web page"), (200, "", "empty"), (404, "", "404"), (410, "", "410")]
    )
    func noTorrent(status: Int, body: String, word: String) async throws {
        let rig = try rig()
        site(rig, status: status, Data(body.utf8))
        let error = await #expect(throws: PluginError.self) { try await rig.client.add(Self.request, file: nil) }
        #expect(error?.code.value == .invalid && error?.message.contains(word) == true)
        #expect(rig.host.requests(to: "/api/v2/torrents/add").isEmpty)
    }

    @Test("redirects in a circle end", .timeLimit(.minutes(1)))
    func circle() async throws {
        let rig = try rig()
        site(rig, status: 302, location: "/a.torrent")
        rig.answer("POST", "torrents/add", "Fails.")
        let error = await #expect(throws: PluginError.self) { try await rig.client.add(Self.request, file: nil) }
        #expect(error?.message.contains("redirects more than") == true)
        #expect(rig.host.requests(to: "/a.torrent").count == 11)
    }

    @Test("what only qBittorrent can fetch is followed by a tag, which is taken away again", arguments: Recording.all)
    func unseen(recording: Recording) async throws {
        let rig = try rig(recording)
        rig.host.always(.init("GET", "/a.torrent", failing: PluginError(.unreachable, "Nobody is there.")))
        try rig.host.always("add by http url of a .torrent: fetched by qBittorrent afterwards", of: recording.exchanges)
        let tag = "kinodock-0123456789abcdef"
        let listed = JSONValue.array([
            ["hash": .string(String(repeating: "b", count: 40)), "tags": "mine"],
            ["hash": .string(Recording.film), "tags": .string("mine, \(tag)")],
        ])
        let text = String(decoding: try JSONEncoder().encode(listed), as: UTF8.self)
        rig.host.always(.init("GET", "/api/v2/torrents/info?tag=\(tag)", text: text))
        for _ in 0..<3 { rig.host.expect(.init("GET", "/api/v2/torrents/info?tag=\(tag)", text: "[]")) }
        rig.answer("POST", "torrents/removeTags")
        rig.answer("POST", "torrents/deleteTags")
        let added = try await rig.client.add(.init(source: .url, link: "http://indexer.example/a.torrent"), file: nil)
        #expect(added.id == Recording.film && !added.existed)
        #expect(rig.waits.all.count == 3)
        #expect(rig.host.requests(to: "/api/v2/torrents/add").first?.part("tags") == tag)
        #expect(rig.host.requests(to: "/api/v2/torrents/removeTags").first?.formFields["hashes"] == Recording.film)
        #expect(rig.host.requests(to: "/api/v2/torrents/deleteTags").count == 1)
    }

    @Test("an address from which nobody gets a torrent is an error after a bounded wait", arguments: Recording.all)
    func deadAddress(recording: Recording) async throws {
        let rig = try rig(recording)
        rig.host.always(.init("GET", "/a.torrent", failing: PluginError(.unreachable, "Nobody is there.")))
        try rig.host.always(
            "add by http url that is 404: the same answer; nothing ever shows up",
            of: recording.exchanges
        )
        rig.answer("GET", "torrents/info", "[]")
        rig.answer("POST", "torrents/deleteTags")
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .url, link: "http://indexer.example/a.torrent"), file: nil)
        }
        #expect(error?.code.value == .remoteFailure)
        #expect(error?.field == "link")
        #expect(error?.message.contains("Nobody is there.") == true)
        #expect(rig.waits.all.count == 39)
    }
}
