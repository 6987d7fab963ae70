import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("Imports of the queue", .timeLimit(.minutes(1)))
struct ImportOutcomeTests {
    @Test("a failure that can pass is tried again at its time")
    func retryable() async throws {
        let world = try await HostWorld.with("one")
        world.importer.state.withLock {
            $0.failure = ImportFailure(.pathNotVisible, "Add a path mapping.", isRetryable: true)
        }
        let added = try await world.add()
        await world.complete(added)
        await eventually("it fails") { await world.item(added.id)?.tracked.state == .failedPending }
        let status = try #require(await world.item(added.id)).status(at: world.clock.now)
        #expect(status.status == .warning && status.errorMessage == "Add a path mapping.")
        try await eventually("it is stored") { try world.stored()[added.id]?.tracked.state == .failedPending }
        world.importer.state.withLock { $0.failure = nil }
        await world.queue.tick()
        #expect(world.importer.begun.count == 1)
        world.clock.advance(60)
        await world.queue.tick()
        await eventually("it is imported") { await world.item(added.id)?.tracked.state == .imported }
    }

    @Test("a change of the client's settings ends the wait for the next try")
    func retryAfterChange() async throws {
        let world = try await HostWorld.with("one")
        world.importer.state.withLock { $0.failure = ImportFailure(.pathNotVisible, "x", isRetryable: true) }
        let added = try await world.add()
        await world.complete(added)
        await eventually("it fails") { await world.item(added.id)?.tracked.state == .failedPending }
        world.importer.state.withLock { $0.failure = nil }
        await world.queue.clientsChanged(await world.registry.instances(of: .downloadClient))
        await eventually("it is imported") { await world.item(added.id)?.tracked.state == .imported }
    }

    @Test("a failure that cannot pass ends the item")
    func final() async throws {
        let world = try await HostWorld.with("one")
        world.importer.state.withLock {
            $0.failure = ImportFailure(.dangerousFile, "There is a program in it.", isRetryable: false)
        }
        let added = try await world.add()
        await world.complete(added)
        await eventually("it fails") { await world.item(added.id)?.tracked.state == .failed }
        world.clock.advance(86_400)
        await world.queue.tick()
        #expect(world.importer.begun.count == 1)
        #expect(await world.item(added.id)?.tracked.failure?.message == "There is a program in it.")
    }

    @Test("an item that was removed while it was imported is not recorded")
    func removedMeanwhile() async throws {
        let latch = Latch()
        let world = try await HostWorld.with("one", importer: ScriptedImporter(latch: latch))
        let added = try await world.add()
        await world.complete(added)
        await latch.arrivals()
        try await world.queue.remove(added.id, .init())
        latch.open()
        await eventually("the import ends") { world.importer.state.withLock(\.recorded) == [false] }
        #expect(try world.store.files().isEmpty && world.stored().isEmpty)
    }

    @Test("the client is asked to remove an item that was being imported once the import has ended")
    func removedFromClientAfterwards() async throws {
        let latch = Latch()
        let world = try await HostWorld.with("one", importer: ScriptedImporter(latch: latch))
        let added = try await world.add()
        await world.complete(added)
        await latch.arrivals()
        try await world.queue.remove(added.id, .init())
        for _ in 0..<100 { await Task.yield() }
        #expect(world.client("one").calls("remove").isEmpty)
        latch.open()
        await eventually("the client is asked") { world.client("one").calls("remove").count == 1 }
        #expect(world.importer.state.withLock(\.recorded) == [false])
    }

    @Test("imports run one after the other, in the order of completion")
    func oneAtATime() async throws {
        let latch = Latch()
        let world = try await HostWorld.with("one", importer: ScriptedImporter(latch: latch))
        let first = try await world.add(Samples.magnet(1))
        let second = try await world.add(Samples.magnet(2, name: "Other.2011"))
        await world.complete(second)
        await world.complete(first)
        await latch.arrivals()
        #expect(world.importer.begun == [second.id])
        #expect(await world.item(first.id)?.tracked.state == .importPending)
        latch.open()
        await eventually("both are imported") { await world.item(first.id)?.tracked.state == .imported }
        #expect(world.importer.begun == [second.id, first.id])
    }

    @Test("a user can retry a failed item, and only a failed one")
    func retry() async throws {
        let world = try await HostWorld.with("one")
        world.importer.state.withLock { $0.failure = ImportFailure(.noVideo, "No video.", isRetryable: false) }
        let added = try await world.add()
        let error = await #expect(throws: QueueError.self) { try await world.queue.retry(added.id) }
        guard case .retryRefused(.notFailed) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await world.complete(added)
        await eventually("it fails") { await world.item(added.id)?.tracked.state == .failed }
        world.importer.state.withLock { $0.failure = nil }
        try await world.queue.retry(added.id)
        await eventually("it is imported") { await world.item(added.id)?.tracked.state == .imported }
        await #expect(throws: QueueError.self) { try await world.queue.retry("q_nothing") }
    }
}
