import FoundationEssentials
import HTTPServer
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("Removing from the queue", .timeLimit(.minutes(1)))
struct RemovingTests {
    @Test("the client is asked, and an unfinished download loses its data")
    func unfinished() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        let before = world.events.lastID
        try await world.queue.remove(item.id, .init())
        #expect(await world.item(item.id) == nil)
        #expect(try world.stored().isEmpty && world.index.item(item.id, isPrivate: true) == nil)
        #expect(world.events.lastID == before + 1)
        try await eventually("the removal is carried out") { try world.store.removals().isEmpty }
        #expect(
            world.client("one").calls("remove") == [.init(method: "remove", id: Samples.hash(1), deletesData: true)]
        )
    }

    @Test(
        "the data of a finished download stays unless it is asked for",
        arguments: [(nil, false), (false, false), (true, true)] as [(Bool?, Bool)]
    )
    func finished(deletesFiles: Bool?, expected: Bool) async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.addImported()
        try await world.queue.remove(item.id, .init(deletesFiles: deletesFiles))
        try await eventually("the removal is carried out") { try world.store.removals().isEmpty }
        #expect(world.client("one").calls("remove").map(\.deletesData) == [expected])
    }

    @Test("a client that does not answer is asked again later, also after a restart")
    func clientDown() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        world.client("one").fail("remove", PluginError(.unreachable, "Nobody there."))
        try await world.queue.remove(item.id, .init())
        try await failed(world)
        #expect(try world.store.removals().first?.nextAttempt == ManualClock.start + 60)
        let next = try await world.restarted()
        #expect(await next.item(item.id) == nil)
        await next.queue.carryOutRemovals()
        #expect(next.client("one").calls("remove").count == 1)
        next.client("one").fail("remove", nil)
        next.clock.advance(60)
        await next.queue.carryOutRemovals()
        try await eventually("the removal is carried out") { try next.store.removals().isEmpty }
        #expect(next.client("one").calls("remove").count == 2)
    }

    @Test("a removal at a client that was deleted meanwhile is done with")
    func clientDeleted() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        world.client("one").fail("remove", PluginError(.unreachable, "Nobody there."))
        try await world.queue.remove(item.id, .init())
        try await failed(world)
        try await world.registry.delete("id-one")
        world.clock.advance(60)
        await world.queue.carryOutRemovals()
        try await eventually("nothing is left to do") { try world.store.removals().isEmpty }
    }

    @Test("a removal that waits does not take away what is being added again")
    func addedAgain() async throws {
        let latch = Latch()
        let world = try await HostWorld.with(latches: ["add": latch])
        let added = Task { try await world.add() }
        await latch.arrivals()
        // As after a removal that the client did not answer, while the same is added again.
        try await waitingRemoval(in: world)
        await world.queue.carryOutRemovals()
        latch.open()
        let item = try await added.value
        await world.queue.carryOutRemovals()
        #expect(world.client("one").calls("remove").isEmpty)
        #expect(try world.store.removals().isEmpty)
        #expect(await world.item(item.id)?.downloadID == Samples.hash(1))
    }

    @Test("a removal that waits does not take away what a client was given and has not confirmed")
    func unconfirmed() async throws {
        let world = try await HostWorld.with("one")
        try await waitingRemoval(in: world)
        world.client("one").fail("add", PluginError(.timeout, "No answer."))
        let item = try await world.add()
        await world.queue.carryOutRemovals()
        try await eventually("the removal is dropped") { try world.store.removals().isEmpty }
        #expect(world.client("one").calls("remove").isEmpty)
        #expect(await world.item(item.id) != nil)
    }

    @Test("a removal that waits is carried out all the same when the client refuses to take the download again")
    func refusedAgain() async throws {
        let world = try await HostWorld.with("one")
        try await waitingRemoval(in: world)
        world.client("one").fail("add", PluginError(.invalid, "Not this one."))
        await #expect(throws: QueueError.self) { try await world.add() }
        await world.queue.carryOutRemovals()
        try await eventually("the removal is carried out") { try world.store.removals().isEmpty }
        #expect(world.client("one").calls("remove").count == 1)
    }

    @Test("an add waits for a removal of the same download that runs")
    func removalRuns() async throws {
        let latch = Latch()
        let world = try await HostWorld.with(latches: ["remove": latch])
        let first = try await world.add()
        try await world.queue.remove(first.id, .init())
        await latch.arrivals()
        async let again = world.add()
        latch.open()
        let second = try await again
        #expect(second.id != first.id)
        #expect(world.client("one").calls.map(\.method).filter { $0 != "item" } == ["add", "remove", "add"])
        #expect(world.client("one").state.withLock { $0.items.keys.sorted() } == [Samples.hash(1)])
    }

    @Test("an item that is removed while its client is asked about a retry does not come back")
    func removedDuringRetry() async throws {
        let latch = Latch()
        let world = try await HostWorld.with(latches: ["item": latch])
        world.client("one").state.withLock { $0.canRetry = false }
        let item = try await world.add()
        await world.report(item, .failed)
        try await world.queue.retry(item.id)
        await latch.arrivals()
        try await world.queue.remove(item.id, .init())
        latch.open()
        try await eventually("the removal is carried out") { try world.store.removals().isEmpty }
        await eventually("the retry ends") { await world.queue.resubmitting.isEmpty }
        #expect(await world.item(item.id) == nil && world.index.item(item.id, isPrivate: true) == nil)
        #expect(world.client("one").calls("add").count == 1)
    }

    @Test("without the client's part the item is ignored: hidden, kept, and no longer followed")
    func ignored() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        try await world.queue.remove(item.id, .init(removesFromClient: false))
        #expect(try world.stored()[item.id]?.tracked.state == .ignored)
        #expect(world.client("one").calls("remove").isEmpty)
        await world.complete(item)
        #expect(world.importer.begun.isEmpty)
        #expect(world.index.counts.hidden == 1)
    }

    @Test("the block is written together with the removal", arguments: [true, false])
    func blocks(removesFromClient: Bool) async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        world.client("one").fail("remove", PluginError(.unreachable, "Nobody there."))
        try await world.queue.remove(item.id, .init(removesFromClient: removesFromClient, blocks: true))
        let reason = try world.store.blockReason(infoHash: item.infoHash, title: "", titleID: nil)
        #expect(reason?.contains("blocked by a user") == true)
    }

    @Test("when the block cannot be written the removal is taken back too")
    func oneTransaction() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        let block = Store.BlockedRelease(
            id: "b",
            infoHash: nil,
            title: "x",
            titleID: nil,
            reason: "r",
            created: ManualClock.start
        )
        try await world.store.deleteQueueItems([], blocking: block)
        let removal = Store.Removal(
            id: "r",
            clientID: "c",
            downloadID: "d",
            deletesData: true,
            attempts: 0,
            nextAttempt: ManualClock.start
        )
        await #expect(throws: (any Error).self) {
            try await world.store.deleteQueueItems([item.id], removal: removal, blocking: block)
        }
        #expect(try world.stored()[item.id] != nil)
        #expect(try world.store.removals().isEmpty)
    }

    @Test("an unknown item is named")
    func unknown() async throws {
        let world = try await HostWorld.with("one")
        let error = await #expect(throws: QueueError.self) { try await world.queue.remove("q_nothing", .init()) }
        guard case .noSuchItem("q_nothing") = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "cleaning up takes what is done with, never what waits or runs, and asks no client",
        arguments: [(true, true, 3), (true, false, 2), (false, true, 1), (false, false, 0)]
    )
    func cleanUp(completed: Bool, failed: Bool, expected: Int) async throws {
        let world = try await HostWorld.with("one")
        let imported = try await world.addImported(Samples.magnet(1))
        let ignored = try await world.add(Samples.magnet(2, name: "b"))
        try await world.queue.remove(ignored.id, .init(removesFromClient: false))
        let lost = try await world.add(Samples.magnet(3, name: "c"))
        await world.queue.reportMissing(lost.downloadID ?? "", at: "id-one")
        world.clock.advance(86_400)
        await world.queue.tick()
        let pending = try await world.add(Samples.magnet(4, name: "d"))
        await world.report(pending, .failed)
        let running = try await world.add(Samples.magnet(5, name: "e"))
        let calls = world.client("one").calls("remove").count
        #expect(try await world.queue.cleanUp(completed: completed, failed: failed) == expected)
        let left = Set(try world.stored().keys)
        #expect(left.isSuperset(of: [pending.id, running.id]) && left.count == 5 - expected)
        #expect(left.contains(imported.id) == !completed && left.contains(lost.id) == !failed)
        #expect(world.client("one").calls("remove").count == calls)
    }

    @Test("of what is done with only the newest is kept, and no client is asked")
    func oldest() async throws {
        let world = try HostWorld(mostDone: 2)
        try await world.addClient("one")
        var ids: [String] = []
        for number in 1...4 {
            ids.append(try await world.add(Samples.magnet(number, name: "Film \(number)")).id)
            world.clock.advance(1)
        }
        for id in ids.dropLast() { try await world.queue.remove(id, .init(removesFromClient: false)) }
        await world.queue.tick()
        #expect(try world.stored().keys.sorted() == ids[1...].sorted())
        #expect(await world.item(ids[0]) == nil && world.index.counts.hidden == 2)
        #expect(world.client("one").calls("remove").isEmpty)
    }

    /// A removal of the sample magnet that is due.
    private func waitingRemoval(in world: HostWorld) async throws {
        let removal = Store.Removal(
            id: "r",
            clientID: "id-one",
            downloadID: Samples.hash(1),
            deletesData: true,
            attempts: 1,
            nextAttempt: ManualClock.start
        )
        try await world.store.deleteQueueItems([], removal: removal)
    }

    /// Waits until the client has been asked in vain.
    private func failed(_ world: HostWorld) async throws {
        try await eventually("the try fails") {
            let isUnderWay = await !world.queue.removalsUnderWay.isEmpty
            return try !isUnderWay && world.store.removals().first?.attempts == 1
        }
    }
}
