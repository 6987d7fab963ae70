import Cryptography
import FoundationEssentials
import HTTPServer
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("Adding to the queue", .timeLimit(.minutes(1)))
struct AddingTests {
    @Test("a new download is with the client, in the store, in the index and in the events")
    func new() async throws {
        let world = try await HostWorld.with("one")
        let outcome = try await world.queue.add(DownloadRequest(.magnet(Samples.magnet(1))))
        #expect(!outcome.existed)
        let item = outcome.item
        #expect(item.id.hasPrefix("q_"))
        #expect(item.downloadID == Samples.hash(1))
        #expect(item.title == "Inception.2010.1080p.BluRay.x264-Group")
        #expect(item.quality == "Bluray-1080p" && item.qualityScore == 100)
        #expect(try world.stored()[item.id]?.downloadID == Samples.hash(1))
        #expect(world.index.item(item.id, isPrivate: true) != nil)
        #expect(world.events.lastID == 1)
        #expect(world.polled.all == ["id-one"])
    }

    @Test("the client gets the link, the name, the category and whether to wait")
    func request() async throws {
        let world = try await HostWorld.with("one")
        var request = DownloadRequest(.magnet(Samples.magnet(1)))
        request.name = "Another name"
        request.category = "films"
        request.isPaused = true
        _ = try await world.queue.add(request)
        let sent = try #require(world.client("one").requests.first)
        #expect(sent.link == Samples.magnet(1) && sent.name == "Another name")
        #expect(sent.category == "films" && sent.paused == true)
    }

    @Test("a link is stored sealed, and can be opened again")
    func sealedLink() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        let sealed = try #require(try world.store.downloadSource(of: item.id)?.link)
        #expect(!sealed.holds(Samples.hash(1)))
        #expect(try world.queue.link(of: item.id) == Samples.magnet(1))
    }

    @Test("the same torrent again is the item that is there")
    func duplicate() async throws {
        let world = try await HostWorld.with("one")
        let first = try await world.add()
        let second = try await world.queue.add(DownloadRequest(.magnet(Samples.magnet(1, name: "Other"))))
        #expect(second.existed && second.item.id == first.id)
        #expect(world.client("one").calls("add").count == 1)
        #expect(try world.stored().count == 1)
    }

    @Test("the same torrent at another client is another item")
    func otherClient() async throws {
        let world = try await HostWorld.with("one", "two")
        let first = try await world.add(client: "one")
        let second = try await world.add(client: "two")
        #expect(first.id != second.id && second.clientID == "id-two")
    }

    @Test("a torrent that was ignored can be added again in its place")
    func ignored() async throws {
        let world = try await HostWorld.with("one")
        let first = try await world.add()
        try await world.queue.remove(first.id, .init(removesFromClient: false))
        let second = try await world.queue.add(DownloadRequest(.magnet(Samples.magnet(1))))
        #expect(!second.existed)
        #expect(try world.stored().keys.sorted() == [second.item.id])
    }

    @Test("two requests for one torrent at once make one download")
    func twoAtOnce() async throws {
        let latch = Latch()
        let world = try await HostWorld.with(latches: ["add": latch])
        async let first = world.queue.add(DownloadRequest(.magnet(Samples.magnet(1))))
        await latch.arrivals()
        async let second = world.queue.add(DownloadRequest(.magnet(Samples.magnet(1))))
        latch.open()
        let outcomes = try await [first, second]
        #expect(outcomes[0].item.id == outcomes[1].item.id)
        #expect(outcomes.map(\.existed) == [false, true])
        #expect(world.client("one").calls("add").count == 1)
        #expect(try world.stored().count == 1)
    }

    @Test("two addresses at once that the client knows as one download make one item")
    func twoAddressesAtOnce() async throws {
        let latch = Latch()
        let world = try await HostWorld.with(latches: ["add": latch])
        async let first = world.queue.add(DownloadRequest(.url("http://host/a")))
        async let second = world.queue.add(DownloadRequest(.url("http://host/b")))
        await latch.arrivals(2)
        latch.open()
        let outcomes = try await [first, second]
        #expect(outcomes[0].item.id == outcomes[1].item.id)
        #expect(outcomes.count(where: \.existed) == 1)
        #expect(try world.stored().keys.sorted() == [outcomes[0].item.id])
    }

    @Test("an item that was for nothing is for what it is asked for again, episodes included")
    func attached() async throws {
        let world = try await HostWorld.with("one")
        try await world.store.insert(Title(id: "s", kind: .series, title: "Show", added: ManualClock.start))
        let first = try await world.add()
        var request = DownloadRequest(.magnet(Samples.magnet(1)))
        request.titleID = "s"
        request.episodeIDs = ["e1", "e2"]
        let outcome = try await world.queue.add(request)
        #expect(outcome.existed && outcome.item.id == first.id)
        let media = QueueItem.Media(titleID: "s", kind: .series, episodeIDs: ["e1", "e2"])
        #expect(try await world.item(first.id)?.media == media && world.stored()[first.id]?.media == media)
        #expect(await world.queue.items(for: "s").map(\.id) == [first.id])
    }

    @Test("a name from the content may have any length, and is cut")
    func longName() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add(Samples.magnet(1, name: String(repeating: "x", count: 5000)))
        #expect(item.title.count == QueueItem.longestName)
    }

    @Test("a blocked release is refused before any client hears of it", arguments: [true, false])
    func blocked(byHash: Bool) async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        try await world.queue.remove(item.id, .init(blocks: true))
        let again = byHash ? Samples.magnet(1, name: "Renamed") : Samples.magnet(2)
        await #expect(throws: QueueError.self) { try await world.queue.add(DownloadRequest(.magnet(again))) }
        #expect(world.client("one").calls("add").count == 1)
    }

    @Test("a release that is blocked for one movie can be added for another")
    func blockedElsewhere() async throws {
        let world = try await HostWorld.with("one")
        for id in ["a", "b"] {
            try await world.store.insert(Title(id: id, kind: .movie, title: id, added: ManualClock.start))
        }
        var request = DownloadRequest(.magnet(Samples.magnet(1)))
        request.titleID = "a"
        let item = try await world.queue.add(request).item
        try await world.queue.remove(item.id, .init(blocks: true))
        await #expect(throws: QueueError.self) { try await world.queue.add(request) }
        request.titleID = "b"
        #expect(try await world.queue.add(request).item.media?.titleID == "b")
    }

    @Test("an unknown, disabled or foreign client is named")
    func unknownClient() async throws {
        let world = try await HostWorld.with("one")
        var instance = HostWorld.instance("off")
        instance.isEnabled = false
        try await world.registry.save(instance)
        for id in ["nothing", "id-off"] {
            var request = DownloadRequest(.magnet(Samples.magnet(1)))
            request.clientID = id
            let error = await #expect(throws: QueueError.self) { try await world.queue.add(request) }
            guard case .noSuchClient(id) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        #expect(try world.stored().isEmpty)
    }

    @Test("a client that does not take the kind of download is not asked")
    func wrongKind() async throws {
        let world = try HostWorld()
        try await world.addClient("news", implementation: "usenet")
        var request = DownloadRequest(.magnet(Samples.magnet(1)))
        await #expect(throws: QueueError.self) { try await world.queue.add(request) }
        request.clientID = "id-news"
        let error = await #expect(throws: QueueError.self) { try await world.queue.add(request) }
        guard case .noClientTakes(.magnet) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(world.client("news").calls.isEmpty)
    }

    @Test("when all clients refuse nothing is kept, and the words of each are told, the preferred one's first")
    func refused() async throws {
        let world = try await HostWorld.with("one", "two")
        world.client("one").fail("add", PluginError(.invalid, "Not this one."))
        world.client("two").fail("add", PluginError(.unreachable, "Nobody there."))
        let error = await #expect(throws: QueueError.self) { try await world.add() }
        guard case .client("one", let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.code == .invalid && reason.message == "Not this one. two: Nobody there.")
        #expect(try world.stored().isEmpty)
        #expect(world.index.counts.byStatus.isEmpty && world.events.lastID == 0)
    }

    @Test("what a client has already is not given to another one")
    func conflict() async throws {
        let world = try await HostWorld.with("one", "two")
        world.client("one").fail("add", PluginError(.conflict, "It is here."))
        await #expect(throws: QueueError.self) { try await world.add() }
        #expect(try world.stored().isEmpty)
        #expect(world.index.counts.byStatus.isEmpty && world.events.lastID == 0)
        #expect(world.client("two").calls.isEmpty)
    }

    @Test(
        "a client that refuses, or cannot be reached, leaves the download to the next one",
        arguments: [
            PluginError.Code.invalid, .unreachable, .unauthorized, .forbidden, .unsupported, .rateLimited,
            .remoteFailure, .badResponse, .untrusted, .internal,
        ]
    )
    func nextClient(code: PluginError.Code) async throws {
        let world = try await HostWorld.with("one", "two")
        world.client("one").fail("add", PluginError(code, "Not now."))
        let item = try await world.add()
        #expect(item.clientID == "id-two" && item.clientName == "two")
        #expect(try world.stored().keys.sorted() == [item.id])
    }

    @Test(
        "a client that may have the download although its answer was lost keeps it, and no other one gets it",
        arguments: [
            PluginError.Code.interrupted, .timeout, .deadlineExceeded, .cancelled, .pluginCrashed,
        ]
    )
    func lostAnswer(code: PluginError.Code) async throws {
        let world = try await HostWorld.with("one", "two")
        world.client("one").fail("add", PluginError(code, "Silence."))
        let item = try await world.add()
        #expect(item.clientID == "id-one" && item.downloadID == nil && item.clientProblem?.contains("Silence") == true)
        #expect(world.client("two").calls.isEmpty)
        // The client had taken it, and says so when it is asked again.
        world.client("one").fail("add", nil)
        await world.queue.submitWaiting(at: "id-one")
        await eventually("the client has it") { await world.item(item.id)?.downloadID == Samples.hash(1) }
        #expect(world.client("two").calls.isEmpty)
        #expect(try world.stored().count == 1)
    }

    @Test("of clients with one priority the healthy one is asked first, then the one with the least to do")
    func load() async throws {
        let world = try HostWorld()
        for name in ["a", "b", "c"] { try await world.addClient(name, priority: 2) }
        try await world.addClient("preferred", priority: 1)
        await world.registry.recordFailure("id-a", PluginError(.unreachable, "Restarting."))
        world.client("preferred").fail("add", PluginError(.invalid, "Full."))
        #expect(try await world.add(Samples.magnet(1)).clientID == "id-b")
        #expect(try await world.add(Samples.magnet(2)).clientID == "id-c")
        #expect(try await world.add(Samples.magnet(3)).clientID == "id-b")
        world.client("preferred").fail("add", nil)
        for number in 4..<7 { #expect(try await world.add(Samples.magnet(number)).clientID == "id-preferred") }
    }

    @Test("a client that is known to fail is asked last")
    func failingLast() async throws {
        let world = try await HostWorld.with("one", "two")
        await world.registry.recordFailure("id-one", PluginError(.unauthorized, "Wrong password."))
        #expect(try await world.add().clientID == "id-two")
        #expect(world.client("one").calls.isEmpty)
    }

    @Test("a title that is not in the library is named")
    func unknownTitle() async throws {
        let world = try await HostWorld.with("one")
        var request = DownloadRequest(.magnet(Samples.magnet(1)))
        request.titleID = "nothing"
        let error = await #expect(throws: QueueError.self) { try await world.queue.add(request) }
        guard case .noSuchTitle("nothing", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "what is no magnet, address, torrent or NZB is refused in words",
        arguments: [
            .magnet("magnet:?dn=x"), .magnet("http://a"), .url("file:///a/b"), .url("http://"), .url("http://a b"),
            .url(""), .torrent(Data("d4:infoe".utf8)), .torrent(Data()), .nzb(Data("<html>".utf8)),
        ] as [DownloadRequest.Content]
    )
    func badSource(content: DownloadRequest.Content) throws {
        let error = #expect(throws: QueueError.self) { try ResolvedSource(content) }
        guard case .badSource(let words) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!words.isEmpty)
    }

    @Test(
        "no part of an address but its host is shown, for any other may be a key",
        arguments: [
            "http://host/dir/a%20film.torrent?key=1", "https://host/a/", "http://host", "http://user:pass@host:8080/x",
        ]
    )
    func nameOfAddress(url: String) throws {
        #expect(try ResolvedSource(.url(url)).name == "Download from host")
    }
}
