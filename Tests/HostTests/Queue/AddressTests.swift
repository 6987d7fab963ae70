import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("Addresses in the queue", .timeLimit(.minutes(1)))
struct AddressTests {
    private static let page = "http://site.example/watch/1?key=k"

    private func add(_ url: String = page, to world: HostWorld) async throws -> DownloadQueue.AddOutcome {
        try await world.queue.add(DownloadRequest(.url(url)))
    }

    @Test("a page goes to a client that reads pages, whatever the priorities")
    func page() async throws {
        let world = try await HostWorld.with("torrents")
        try await world.addClient("pages", priority: 9, implementation: "pages")
        #expect(try await add(to: world).item.clientID == "id-pages")
        #expect(try await add("http://a/x.torrent", to: world).item.clientID == "id-torrents")
    }

    @Test("an address of a file goes to nobody but a client for it")
    func file() async throws {
        let world = try HostWorld()
        try await world.addClient("pages", implementation: "pages")
        await #expect(throws: QueueError.self) { try await add("http://a/x.torrent", to: world) }
        await #expect(throws: QueueError.self) { try await add("http://a/x.nzb", to: world) }
        #expect(world.client("pages").requests.isEmpty)
    }

    @Test("what is no page after all goes to the next one")
    func noPage() async throws {
        let world = try await HostWorld.with("torrents")
        try await world.addClient("pages", implementation: "pages")
        world.client("pages").fail("add", PluginError(.unsupported, "This is a file."))
        #expect(try await add(to: world).item.clientID == "id-torrents")
    }

    @Test("when nobody can do it, the client that is made for it says why")
    func reason() async throws {
        let world = try await HostWorld.with("torrents")
        try await world.addClient("pages", implementation: "pages")
        world.client("pages").fail("add", PluginError(.unreachable, "The site is down."))
        world.client("torrents").fail("add", PluginError(.invalid, "This is no torrent."))
        let error = await #expect(throws: QueueError.self) { try await add(to: world) }
        guard case .client(name: "pages", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a playlist becomes several items, also after a restart")
    func playlist() async throws {
        let world = try await HostWorld.with("one")
        world.client("one").state.withLock {
            $0.others = [.init(id: "b", name: "Second"), .init(id: "c", name: "Third")]
        }
        let outcome = try await add(to: world)
        #expect(outcome.others.count == 2 && Set([outcome.item.id] + outcome.others).count == 3)
        let stored = try world.stored()
        #expect(outcome.others.map { stored[$0]?.downloadID } == ["b", "c"])
        #expect(outcome.others.map { stored[$0]?.title } == ["Second", "Third"])
        let next = try await world.restarted()
        #expect(await next.item(outcome.others[1])?.clientID == "id-one")
        // Asked for again, it is the same items.
        let again = try await add(to: next)
        #expect(again.existed && again.others == outcome.others)
        #expect(try next.stored().count == 3)
    }

    @Test("what a torrent client makes of an address is imported")
    func torrentByAddress() async throws {
        let world = try await HostWorld.with("one")
        let item = try await add("http://a/x.torrent", to: world).item
        #expect(item.downloadProtocol == .torrent)
        await world.complete(item)
        await eventually("it is imported") { world.importer.begun.count == 1 }
    }

    @Test("what belongs to no title stays where it is")
    func noTitle() async throws {
        let world = try HostWorld()
        try await world.addClient("one", implementation: "pages")
        let item = try await add(to: world).item
        await world.complete(item)
        #expect(await world.item(item.id)?.tracked.state == .imported)
        #expect(world.importer.begun.isEmpty)
        let next = try await world.restarted()
        #expect(await next.item(item.id)?.tracked.state == .imported)
    }

    @Test("wishes reach the client, are stored sealed, and are there when it is given the download again")
    func wishes() async throws {
        let world = try await HostWorld.with("one")
        world.client("one").fail("add", PluginError(.timeout, "Too slow."))
        var request = DownloadRequest(.url(Self.page))
        request.wishes.priority = .high
        request.wishes.options = ["cookies": "a-secret", "depth": 3]
        let item = try await world.queue.add(request).item
        let sealed = try #require(try world.store.downloadSource(of: item.id)?.wishes)
        #expect(!sealed.holds("a-secret"))
        world.client("one").fail("add", nil)
        let next = try await world.restarted()
        _ = await next.queue.apply(.nothingNew, from: "id-one")
        await eventually("the client has it") { await next.item(item.id)?.downloadID != nil }
        let sent = try #require(next.client("one").requests.last)
        #expect(sent.options == request.wishes.options && sent.priority?.value == .high)
    }
}
