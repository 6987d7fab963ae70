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

    @Test("a plain file that a torrent client fetches is shown as such, has no info hash, and stays where it is")
    func plainFile() async throws {
        let world = try await HostWorld.with("one")
        for address in ["http://a/get?id=1", "http://a/film.iso"] {
            world.client("one").state.withLock { $0.nextID = address }
            let item = try await add(address, to: world).item
            #expect(item.downloadProtocol == .url && item.infoHash == nil)
            #expect(try world.stored()[item.id]?.downloadProtocol == .url)
            await world.complete(item)
            #expect(await world.item(item.id)?.tracked.state == .imported)
        }
        #expect(world.importer.begun.isEmpty)
    }

    @Test("a plain file that belongs to a title is imported")
    func plainFileForTitle() async throws {
        let world = try await HostWorld.with("one")
        try await world.store.insert(Title(id: "t", kind: .movie, title: "Film", added: ManualClock.start))
        var request = DownloadRequest(.url("http://a/film.mkv"))
        request.titleID = "t"
        let item = try await world.queue.add(request).item
        #expect(item.downloadProtocol == .url)
        await world.complete(item)
        await eventually("it is imported") { world.importer.begun.count == 1 }
    }

    @Test("what looked like a plain file is a torrent's as soon as the client says so")
    func lateTorrent() async throws {
        let world = try await HostWorld.with("one")
        let item = try await add("http://a/get?id=1", to: world).item
        var report = DownloadItem(id: item.downloadID ?? "", name: "Film", state: .downloading)
        report.infoHash = Samples.hash(1)
        _ = await world.queue.apply(DownloadChanges(cursor: "1", isComplete: false, items: [report]), from: "id-one")
        #expect(await world.item(item.id)?.downloadProtocol == .torrent)
        #expect(try world.stored()[item.id]?.downloadProtocol == .torrent)
    }

    @Test(
        "an answer that leaves doubt is not followed by an offer to another client",
        arguments: PluginError.Code.allCases
    )
    func doubt(code: PluginError.Code) async throws {
        let world = try await HostWorld.with("one", "two")
        world.client("one").fail("add", PluginError(code, "It went wrong."))
        let outcome = try? await add("http://a/x.torrent", to: world)
        let mayHaveIt: Set<PluginError.Code> = [
            .interrupted, .timeout, .deadlineExceeded, .cancelled, .pluginCrashed,
        ]
        #expect(world.client("two").calls("add").isEmpty == (mayHaveIt.contains(code) || code == .conflict), "\(code)")
        guard mayHaveIt.contains(code) else { return }
        #expect(outcome?.item.clientID == "id-one" && outcome?.item.clientProblem != nil)
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
