import PluginAPI
import Testing

@testable import QBittorrent

struct ControlTests {
    private static let id = Recording.film

    /// A rig that lists the film.
    private func listing(_ recording: Recording) throws -> Rig {
        let rig = try Rig(recording)
        try rig.host.always("torrents/info while downloading", of: recording.exchanges)
        return rig
    }

    /// The commands that were sent, without the looks into the list.
    private func commands(_ rig: Rig) -> [String] {
        let prefix = "/api/v2/torrents/"
        return rig.host.requests.filter { $0.method == "POST" && $0.target.hasPrefix(prefix) }
            .map { String($0.target.dropFirst(prefix.count)) }
    }

    @Test("4.x has pause and resume: found out once and remembered")
    func pauseFallback() async throws {
        let rig = try listing(.v4)
        try rig.host.always("torrents/stop on this version: 404", of: Recording.v4.exchanges)
        try rig.host.always("torrents/pause", of: Recording.v4.exchanges)
        try rig.host.always("torrents/resume", of: Recording.v4.exchanges)
        try await rig.client.pause(Self.id)
        try await rig.client.pause(Self.id)
        try await rig.client.resume(Self.id)
        #expect(commands(rig) == ["stop", "pause", "pause", "resume"])
        #expect(rig.host.requests.last?.formFields == ["hashes": Self.id])
    }

    @Test("5.x has stop and start", arguments: [Recording.v5, .v52])
    func stopAndStart(recording: Recording) async throws {
        let rig = try listing(recording)
        try rig.host.always("torrents/stop", of: recording.exchanges)
        try rig.host.always("torrents/start", of: recording.exchanges)
        try await rig.client.pause(Self.id)
        try await rig.client.resume(Self.id)
        #expect(rig.host.unexpected.isEmpty)
    }

    @Test("an upgrade while the plugin runs is noticed")
    func upgrade() async throws {
        let rig = try listing(.v4)
        rig.answer("POST", "torrents/stop", status: 404)
        rig.answer("POST", "torrents/pause")
        try await rig.client.pause(Self.id)
        rig.answer("POST", "torrents/stop")
        rig.answer("POST", "torrents/pause", status: 404)
        try await rig.client.pause(Self.id)
        try await rig.client.pause(Self.id)
        #expect(rig.host.requests.last?.target == "/api/v2/torrents/stop")
    }

    @Test("a torrent that is gone is named, for qBittorrent itself says nothing")
    func gone() async throws {
        let rig = try Rig(Recording.v5)
        rig.answer("GET", "torrents/info", "[]")
        for call in [rig.client.pause, rig.client.resume, rig.client.retry] {
            let error = await #expect(throws: PluginError.self) { try await call(Self.id) }
            #expect(error?.code.value == .notFound)
        }
        #expect(commands(rig).isEmpty)
    }

    @Test("removing what is not there is a success, with or without the data", arguments: Recording.all)
    func remove(recording: Recording) async throws {
        let rig = try Rig(recording)
        rig.answer("GET", "torrents/info", "[]")
        try rig.host.always("delete several with files", of: recording.exchanges)
        try await rig.client.remove(Self.id.uppercased(), deletingData: false)
        #expect(rig.host.requests.last?.formFields == ["hashes": Self.id, "deleteFiles": "false"])
        try await rig.client.remove(Self.id, deletingData: true)
        #expect(rig.host.requests.last?.formFields["deleteFiles"] == "true")
    }

    @Test(
        "a failed torrent is checked and started, any other only started",
        arguments: [("error", 1), ("missingFiles", 1), ("stoppedDL", 0)]
    )
    func retry(state: String, rechecks: Int) async throws {
        let rig = try Rig(Recording.v5)
        try rig.answer("GET", "torrents/info", [["hash": .string(Self.id), "state": .string(state)]])
        rig.answer("POST", "torrents/recheck")
        rig.answer("POST", "torrents/start")
        try await rig.client.retry(Self.id)
        #expect(rig.host.requests(to: "/api/v2/torrents/recheck").count == rechecks)
        #expect(rig.host.requests(to: "/api/v2/torrents/start").count == 1)
    }

    @Test("sets the levels of files with one request for each")
    func levels() async throws {
        let rig = try listing(.v4)
        try rig.host.always("filePrio: skip two files", of: Recording.v4.exchanges)
        var request = Prioritization(id: Self.id)
        request.files = [0: .skip, 2: .skip, 1: .high, 3: .normal]
        try await rig.client.prioritize(request)
        let sent = rig.host.requests(to: "/api/v2/torrents/filePrio").map(\.formFields)
        #expect(sent.map { $0["id"] } == ["0|2", "3", "1"])
        #expect(sent.map { $0["priority"] } == ["0", "1", "7"])
    }

    @Test("files that are not known yet are a conflict with words")
    func unknownFiles() async throws {
        let rig = try listing(.v4)
        rig.answer("POST", "torrents/filePrio", status: 409)
        var request = Prioritization(id: Self.id)
        request.files = [0: .high]
        let error = await #expect(throws: PluginError.self) { try await rig.client.prioritize(request) }
        #expect(error?.code.value == .conflict)
    }

    @Test(
        "toggles the order only when it differs",
        arguments: [(false, true, 1), (true, true, 0), (true, false, 1), (false, false, 0)]
    )
    func sequential(listed: Bool, wanted: Bool, toggles: Int) async throws {
        let rig = try Rig(Recording.v4)
        try rig.answer("GET", "torrents/info", [["hash": .string(Self.id), "seq_dl": .bool(listed)]])
        rig.answer("POST", "torrents/toggleSequentialDownload")
        var request = Prioritization(id: Self.id)
        request.sequential = wanted
        try await rig.client.prioritize(request)
        // The list lags: it still shows the old flag.
        try await rig.client.prioritize(request)
        #expect(rig.host.requests(to: "/api/v2/torrents/toggleSequentialDownload").count == toggles)
        rig.host.advance(bySeconds: 60)
        try await rig.client.prioritize(request)
        #expect(rig.host.requests(to: "/api/v2/torrents/toggleSequentialDownload").count == toggles * 2)
    }

    @Test("ranges become order, both ends first and a high level for the file")
    func ranges() async throws {
        let rig = try Rig(Recording.v4)
        try rig.answer("GET", "torrents/info", [["hash": .string(Self.id), "seq_dl": false, "f_l_piece_prio": false]])
        for path in ["filePrio", "toggleSequentialDownload", "toggleFirstLastPiecePrio"] {
            rig.answer("POST", "torrents/\(path)")
        }
        var request = Prioritization(id: Self.id)
        request.fileIndex = 3
        request.ranges = [FileRange(offset: 0, length: 1)]
        try await rig.client.prioritize(request)
        let prio = try #require(rig.host.requests(to: "/api/v2/torrents/filePrio").first)
        #expect(prio.formFields["id"] == "3" && prio.formFields["priority"] == "7")
        #expect(rig.host.requests(to: "/api/v2/torrents/toggleSequentialDownload").count == 1)
        #expect(rig.host.requests(to: "/api/v2/torrents/toggleFirstLastPiecePrio").count == 1)
    }
}
