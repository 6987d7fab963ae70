import FoundationEssentials
import PluginAPI
import Testing

@testable import QBittorrent

struct ItemTests {
    private static let id = Recording.film

    /// A torrent of 100 bytes of which `left` are missing.
    private func torrent(_ state: String, left: Int64 = 0, size: Int64 = 100, more: JSONValue = [:]) throws -> Torrent {
        var fields = more.object ?? [:]
        fields["state"] = .string(state)
        fields["amount_left"] = .integer(left)
        fields["size"] = .integer(size)
        let json = try JSONEncoder().encode(JSONValue.object(fields))
        return Torrent(id: Self.id, try JSONDecoder().decode(TorrentPatch.self, from: json))
    }

    @Test(
        "every state has its meaning",
        arguments: [
            ("error", 50, DownloadItem.State.failed), ("missingFiles", 0, .missingFiles), ("uploading", 0, .seeding),
            ("pausedUP", 0, .completed), ("stoppedUP", 0, .completed), ("queuedUP", 0, .seeding),
            ("stalledUP", 0, .seeding), ("checkingUP", 0, .checking), ("forcedUP", 0, .seeding),
            ("allocating", 50, .checking), ("downloading", 50, .downloading), ("metaDL", 0, .fetchingMetadata),
            ("forcedMetaDL", 0, .fetchingMetadata), ("pausedDL", 50, .paused), ("stoppedDL", 50, .paused),
            ("queuedDL", 50, .queued), ("stalledDL", 50, .stalled), ("checkingDL", 50, .checking),
            ("forcedDL", 50, .downloading), ("checkingResumeData", 50, .checking), ("queuedForChecking", 50, .checking),
            ("moving", 0, .postProcessing), ("unknown", 50, .stalled), ("teleporting", 50, .stalled),
        ] as [(String, Int64, DownloadItem.State)]
    )
    func state(text: String, left: Int64, expected: DownloadItem.State) throws {
        #expect(try torrent(text, left: left).item.state == .known(expected))
    }

    @Test(
        "only a settled state with nothing left is complete",
        arguments: ["uploading", "stalledUP", "queuedUP", "forcedUP", "pausedUP", "stoppedUP"]
    )
    func complete(state: String) throws {
        #expect(try torrent(state).item.isComplete)
        #expect(try !torrent(state, left: 1).item.isComplete)
        #expect(try !torrent(state, size: 0).item.isComplete)
    }

    @Test(
        "nothing left is not complete in other states",
        arguments: [
            "moving", "checkingUP", "checkingDL", "checkingResumeData", "metaDL", "missingFiles", "error",
            "downloading", "stoppedDL", "unknown", "new",
        ]
    )
    func incomplete(state: String) throws {
        #expect(try !torrent(state).item.isComplete)
    }

    @Test("a recorded magnet without metadata is not complete", arguments: Recording.all)
    func metadata(recording: Recording) async throws {
        let rig = try Rig(recording)
        try rig.host.always("torrents/info just after adding a magnet", of: recording.exchanges)
        let item = try #require(await rig.client.item(Self.id))
        #expect(item.state == .fetchingMetadata)
        #expect(!item.isComplete && item.contentPath == nil && item.eta == nil && item.size == 0)
    }

    @Test("a recorded complete torrent is complete and stays where it is", arguments: Recording.all)
    func seeding(recording: Recording) async throws {
        let rig = try Rig(recording)
        try rig.host.always("torrents/info complete, seeding", of: recording.exchanges)
        let item = try #require(await rig.client.item(Self.id))
        #expect(item.state == .seeding && item.isComplete)
        #expect(item.size == 20_736_780 && item.remaining == 0)
        #expect(item.eta == nil && item.availability == nil)
        #expect(item.contentPath == "/data/qbittorrent/downloads/Night.of.the.Living.Dead.1968.720p.WEB.H264-RIG")
        #expect(item.savePath == "/data/qbittorrent/downloads" && item.infoHash == Self.id)
        #expect(!item.canMoveFiles && !item.canBeRemoved)
    }

    @Test("a recorded half of a torrent says how much can be reached", arguments: Recording.all)
    func half(recording: Recording) throws {
        let name = recording.exchanges.exchanges.first { $0.name.contains("stalls half way") }?.name ?? ""
        var fields = try #require(try recording.torrent(name).object)
        fields["state"] = "stalledDL"
        let json = try JSONEncoder().encode(JSONValue.object(fields))
        let item = Torrent(id: Self.id, try JSONDecoder().decode(TorrentPatch.self, from: json)).item
        #expect(item.message == "Nobody connected has the rest: 48 % of the content can be reached.")
        #expect(item.availability.map { $0 < 0.5 } == true)
    }

    @Test(
        "a stopped torrent may be removed when a limit in force is reached",
        arguments: [
            (["max_ratio": 1.5, "ratio": 1.4995], true), (["max_ratio": 1.5, "ratio": 1.4], false),
            (["max_ratio": 2, "ratio": -1], true), (["max_ratio": 0, "ratio": 0], true),
            (["max_seeding_time": 60, "seeding_time": 3600], true),
            (["max_seeding_time": 60, "seeding_time": 3599], false), (["max_seeding_time": 60], false),
            (["max_ratio": -1, "max_seeding_time": -1, "ratio": 9, "seeding_time": 99_999], false), ([:], false),
        ] as [(JSONValue, Bool)]
    )
    func seedingGoal(fields: JSONValue, isReached: Bool) throws {
        for state in ["pausedUP", "stoppedUP"] {
            let item = try torrent(state, more: fields).item
            #expect(item.canMoveFiles)
            #expect(item.canBeRemoved == isReached)
        }
        #expect(try !torrent("stalledUP", more: fields).item.canBeRemoved)
        #expect(try !torrent("stoppedDL", left: 5, more: fields).item.canMoveFiles)
    }

    @Test("a path without a folder is not passed on", arguments: ["", "Film", "Film/a.mkv"])
    func relativePath(path: String) throws {
        #expect(try torrent("checkingResumeData", more: ["content_path": .string(path)]).item.contentPath == nil)
    }

    @Test("an old version without content paths has them made of folder and name")
    func oldVersion() throws {
        let more: JSONValue = ["save_path": "/data/", "name": "Film"]
        #expect(try torrent("stalledUP", more: more).item.contentPath == "/data/Film")
        #expect(try torrent("downloading", left: 5, more: more).item.contentPath == nil)
    }

    @Test("fields of an unexpected type count as absent")
    func oddTypes() throws {
        let item = try torrent(
            "downloading",
            left: 5,
            more: ["eta": "soon", "ratio": .null, "name": 7, "num_seeds": 1.5]
        ).item
        #expect(item.eta == nil && item.name.isEmpty && item.peers == 0)
    }

    @Test("a hybrid torrent is found by its v1 hash, and removed under the id that the server takes")
    func renamed() async throws {
        let rig = try Rig(Recording.v5)
        let short = String(repeating: "ab", count: 20)
        let listed = JSONValue.array([
            ["hash": .string(String(repeating: "c", count: 40)), "infohash_v1": ""],
            ["hash": .string(short), "infohash_v1": .string(Self.id), "name": "Film"],
        ])
        try rig.answer("GET", "torrents/info", listed)
        rig.answer("GET", "torrents/info?hashes=\(Self.id)", "[]")
        rig.answer("POST", "torrents/delete")
        let item = try #require(await rig.client.item(Self.id))
        #expect(item.id == Self.id && item.name == "Film" && item.infoHash == Self.id)
        try await rig.client.remove(Self.id, deletingData: true)
        #expect(rig.host.requests.last?.formFields["hashes"] == short)
        // The second look goes straight to the other id.
        #expect(rig.host.requests.filter { $0.target == "/api/v2/torrents/info" }.count == 1)
    }

    @Test("a torrent that is gone is nil")
    func gone() async throws {
        let rig = try Rig(Recording.v4)
        rig.answer("GET", "torrents/info", "[]")
        #expect(try await rig.client.item(Self.id) == nil)
    }

    @Test(
        "an id that would reach other torrents is refused without a request",
        arguments: ["all", "", "a|b", Recording.film + "|" + Recording.film, "zz"]
    )
    func badID(id: String) async throws {
        let rig = try Rig(Recording.v4)
        await #expect(throws: PluginError.self) { try await rig.client.remove(id, deletingData: true) }
        await #expect(throws: PluginError.self) { try await rig.client.pause(id) }
        await #expect(throws: PluginError.self) { _ = try await rig.client.item(id) }
        #expect(rig.host.requests.isEmpty)
    }
}
