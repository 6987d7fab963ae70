import Cryptography
import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("The queue after a restart", .timeLimit(.minutes(1)))
struct RestartTests {
    @Test("has every item as it was")
    func same() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        await world.report(added, .downloading) { report in
            report.size = 100
            report.remaining = 40
            report.contentPath = "/downloads/film"
        }
        let next = try await world.restarted()
        let item = try #require(await next.item(added.id))
        #expect(item.durable == (await world.item(added.id))?.durable)
        #expect(item.clientName == "one" && item.outputPath == "/downloads/film")
        await next.complete(added)
        await eventually("it is imported") { await next.item(added.id)?.tracked.state == .imported }
    }

    @Test("does not read an item of a client that was deleted as an error")
    func deletedClient() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        try await world.registry.delete("id-one")
        let next = try await world.restarted()
        #expect(await next.item(added.id)?.clientName == "deleted client")
    }

    @Test("begins an import again that was cut off")
    func importing() async throws {
        let latch = Latch()
        let world = try await HostWorld.with("one", importer: ScriptedImporter(latch: latch))
        let added = try await world.add()
        await world.complete(added)
        await latch.arrivals()
        #expect(try world.stored()[added.id]?.tracked.state == .importing)
        let next = try await world.restarted()
        await eventually("it is imported") { await next.item(added.id)?.tracked.state == .imported }
        #expect(next.importer.begun == [added.id])
        latch.open()
    }

    @Test("gives an item to its client that the client never answered for")
    func unanswered() async throws {
        let world = try await HostWorld.with("one")
        let draft = try await unanswered(in: world)
        let next = try await world.restarted()
        _ = await next.queue.apply(.nothingNew, from: "id-one")
        await eventually("the client has it") { await next.item(draft.id)?.downloadID == Samples.hash(1) }
        try await eventually("the store knows") { try next.stored()[draft.id]?.downloadID == Samples.hash(1) }
        #expect(next.client("one").requests.map(\.link) == [Samples.magnet(1)])
    }

    @Test("keeps an item that its client does not take now, says why, and tries again")
    func unansweredAndDown() async throws {
        let world = try await HostWorld.with("one")
        let draft = try await unanswered(in: world)
        world.client("one").fail("add", PluginError(.unreachable, "Nobody there."))
        let next = try await world.restarted()
        _ = await next.queue.apply(.nothingNew, from: "id-one")
        await eventually("the try fails") { await next.item(draft.id)?.clientProblem != nil }
        let status = try #require(await next.item(draft.id)).status(at: next.clock.now)
        #expect(status.status == .warning)
        #expect(status.messages.last?.messages.first?.contains("Nobody there.") == true)
        next.client("one").fail("add", nil)
        _ = await next.queue.apply(.nothingNew, from: "id-one")
        await eventually("the client has it") { await next.item(draft.id)?.downloadID == Samples.hash(1) }
    }

    @Test("does not hold a download twice that was asked for again before its client answered")
    func askedAgain() async throws {
        let world = try await HostWorld.with("one")
        let draft = try await unanswered(in: world)
        world.client("one").fail("add", PluginError(.unreachable, "Nobody there."))
        let next = try await world.restarted()
        let again = try await next.add()
        #expect(again.id == draft.id)
        next.client("one").fail("add", nil)
        _ = await next.queue.apply(.nothingNew, from: "id-one")
        await eventually("the client has it") { await next.item(draft.id)?.downloadID == Samples.hash(1) }
        #expect(try next.stored().keys.sorted() == [draft.id])
    }

    @Test("carries out a retry that was accepted before")
    func retried() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        await world.queue.reportMissing(added.downloadID ?? "", at: "id-one")
        world.clock.advance(24 * 60 * 60)
        await world.queue.tick()
        world.client("one").fail("item", PluginError(.unreachable, "Nobody there."))
        try await world.queue.retry(added.id)
        await eventually("the try fails") { await world.item(added.id)?.clientProblem != nil }
        let next = try await world.restarted()
        next.client("one").fail("item", nil)
        next.client("one").state.withLock { $0.items = [:] }
        _ = await next.queue.apply(.nothingNew, from: "id-one")
        await eventually("it is added again") { next.client("one").calls("add").count == 2 }
    }

    @Test("a client that answers polls and still does not take a download is asked less and less often")
    func refusedForNow() async throws {
        let world = try await HostWorld.with("one")
        world.client("one").fail("add", PluginError(.timeout, "No answer."))
        _ = try await world.add()
        func asked(after seconds: Double) async -> Int {
            world.clock.advance(seconds)
            _ = await world.queue.apply(.nothingNew, from: "id-one")
            await eventually("the try ends") { await world.queue.resubmitting.isEmpty }
            return world.client("one").calls("add").count
        }
        #expect(await asked(after: 2) == 2)
        #expect(await asked(after: 2) == 3)
        #expect(await asked(after: 58) == 3)
        #expect(await asked(after: 2) == 4)
        #expect(await asked(after: 298) == 4)
        #expect(await asked(after: 2) == 5)
    }

    @Test("an item whose client calls it what an ignored one is called takes that one's place")
    func ignoredTwin() async throws {
        let world = try await HostWorld.with("one")
        let ignored = try await world.add()
        try await world.queue.remove(ignored.id, .init(removesFromClient: false))
        world.client("one").fail("add", PluginError(.timeout, "No answer."))
        let again = try await world.add()
        world.client("one").fail("add", nil)
        _ = await world.queue.apply(.nothingNew, from: "id-one")
        try await eventually("the store knows") { try world.stored()[again.id]?.downloadID == Samples.hash(1) }
        #expect(try world.stored().keys.sorted() == [again.id])
        #expect(await world.item(ignored.id) == nil)
    }

    /// An item as a kill leaves it between the store and the client's answer.
    private func unanswered(in world: HostWorld) async throws -> QueueItem {
        let item = QueueItem(
            id: "q_draft",
            clientID: "id-one",
            clientName: "one",
            infoHash: Samples.hash(1),
            title: "Film",
            downloadProtocol: .torrent,
            source: .magnet,
            isPaused: false,
            quality: "Unknown",
            qualityScore: 0,
            tracked: TrackedDownload(.torrent),
            added: ManualClock.start
        )
        let link = try HostWorld.key.seal(Data(Samples.magnet(1).utf8), context: "queue:q_draft")
        try await world.store.insert(item, source: .init(link: link), now: world.clock.now)
        return item
    }
}
