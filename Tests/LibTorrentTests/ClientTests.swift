import FoundationEssentials
import PluginAPI
import Testing

@testable import LibTorrent

@Suite(.timeLimit(.minutes(1)))
struct ClientTests {
    private static let magnet = "magnet:?xt=urn:btih:" + String(repeating: "ab", count: 20) + "&dn=A.Film.1999"

    private let scratch = Scratch()
    private let host: RecordedHost

    init() {
        host = RecordedHost(folders: scratch.folders)
    }

    private func client(_ change: (inout LibTorrentSettings) -> Void = { _ in }) throws -> LibTorrentClient {
        var settings = LibTorrentSettings()
        (settings.listenAddress, settings.listenPort, settings.portMapping) = ("127.0.0.1", 0, false)
        (settings.dht, settings.localDiscovery, settings.peerExchange) = (false, false, false)
        change(&settings)
        return try LibTorrentClient(settings: settings, host: host)
    }

    @discardableResult
    private func add(_ client: LibTorrentClient, _ change: (inout AddDownload) -> Void = { _ in }) async throws
        -> AddedDownload
    {
        var request = AddDownload(source: .magnet, link: Self.magnet)
        change(&request)
        return try await client.add(request, file: nil)
    }

    @Test("has nothing and needs no engine in the beginning")
    func empty() async throws {
        let client = try client()
        let changes = try await client.changes(since: nil)
        #expect(changes.isComplete && changes.items == [])
        #expect(host.lines == [])
        await client.shutDown()
    }

    @Test("keeps what was added over a restart, paused and with all that belongs to it")
    func restart() async throws {
        let first = try client()
        let added = try await add(first) { request in
            (request.paused, request.category, request.seedRatioLimit) = (true, "films", 3)
        }
        #expect(!added.existed && added.infoHash == added.id)
        let before = try await first.item(added.id)
        await first.shutDown()

        let second = try client()
        let item = try #require(try await second.changes(since: nil).items.first)
        #expect(item.id == added.id && item.name == "A.Film.1999" && item.category == "films")
        #expect(before?.savePath == item.savePath)
        #expect(item.state == .paused || item.state == .checking)
        await second.shutDown()
    }

    @Test("has a torrent once, however many ask for it at once")
    func once() async throws {
        let client = try client()
        let answers = try await withThrowingTaskGroup(of: AddedDownload.self) { group in
            for _ in 0..<8 { group.addTask { try await add(client) } }
            return try await group.reduce(into: [AddedDownload]()) { $0.append($1) }
        }
        #expect(answers.filter { !$0.existed }.count == 1)
        #expect(try await client.changes(since: nil).items.count == 1)
        await client.shutDown()
    }

    @Test("removes a torrent together with what it keeps of it")
    func remove() async throws {
        let client = try client()
        let added = try await add(client)
        let cursor = try await client.changes(since: nil).cursor
        try await client.remove(added.id, deletingData: true)
        #expect(try await client.item(added.id) == nil)
        #expect(try await client.changes(since: cursor).removed == [added.id])
        await client.shutDown()
        let kept = try FileManager.default.contentsOfDirectory(atPath: scratch.folders.data + "/torrents")
        #expect(kept == [])
    }

    @Test("sets aside what it cannot read, says so, and goes on with the rest")
    func damaged() async throws {
        let first = try client()
        let added = try await add(first)
        await first.shutDown()
        try scratch.fill("data/torrents/rubbish.torrent-state", bytes: 100)
        let second = try client()
        #expect(try await second.changes(since: nil).items.map(\.id) == [added.id])
        #expect(host.lines.contains { $0.level == .error && $0.message.contains("rubbish") })
        #expect(scratch.has("data/torrents/rubbish.torrent-state.damaged"))
        await second.shutDown()
    }

    @Test(
        "sets aside what it cannot read of the DHT, and says so",
        arguments: ["rubbish", "", "de", "d9:dht stateld3:abcee", "d9:dht state3:abce"]
    )
    func damagedNodes(content: String) async throws {
        try scratch.fill("data/torrents/dht-state", bytes: 0)
        try Data(content.utf8).write(to: URL(filePath: scratch.path + "/data/torrents/dht-state"))
        let client = try client { ($0.dht, $0.dhtNodes) = (true, "127.0.0.1:9") }
        try await add(client) { $0.paused = true }
        #expect(host.lines.map(\.level) == [.warning])
        #expect(host.lines.first?.message.contains("DHT") == true)
        #expect(scratch.has("data/torrents/dht-state.damaged"))
        await client.shutDown()
        #expect(!scratch.has("data/torrents/dht-state"))
    }

    @Test("leaves what is known of the DHT alone while it does not use it")
    func unusedNodes() async throws {
        try scratch.fill("data/torrents/dht-state", bytes: 10)
        let client = try client()
        try await add(client)
        await client.shutDown()
        #expect(scratch.has("data/torrents/dht-state"))
        #expect(host.lines == [])
    }

    @Test("refuses what the engine finds fault with, and keeps nothing of it")
    func refused() async throws {
        let client = try client()
        let info = "d6:lengthi100000e4:name1:x12:piece lengthi16384e6:pieces20:01234567890123456789e"
        let file = Data("d4:info\(info)e".utf8)
        let error = await #expect(throws: PluginError.self) {
            try await client.add(AddDownload(source: .torrent), file: file)
        }
        #expect(error?.code == .known(.invalid) && error?.field == "file")
        #expect(try await client.changes(since: nil).items == [])
        await client.shutDown()
    }

    @Test("cannot order files that it does not know yet")
    func unknownFiles() async throws {
        let client = try client()
        let added = try await add(client)
        #expect(try await client.files(of: added.id) == [])
        var wish = Prioritization(id: added.id)
        wish.files = [0: .high]
        let error = await #expect(throws: PluginError.self) { try await client.prioritize(wish) }
        #expect(error?.code == .known(.conflict) && error?.retryAfter != nil)
        await client.shutDown()
    }

    @Test("fails without folders, and works when there are some")
    func folders() async throws {
        let homeless = try LibTorrentClient(settings: LibTorrentSettings(), host: RecordedHost())
        await #expect(throws: PluginError.self) { try await homeless.changes(since: nil) }
        await homeless.shutDown()
    }

    @Test("goes to the address of a torrent itself")
    func address() async throws {
        host.expect(.init("GET", "/gone", status: 404))
        let client = try client()
        let request = AddDownload(source: .url, link: "http://indexer.example/gone")
        let error = await #expect(throws: PluginError.self) { try await client.add(request, file: nil) }
        #expect(error?.code == .known(.invalid) && error?.message.contains("404") == true)
        await client.shutDown()
    }
}
