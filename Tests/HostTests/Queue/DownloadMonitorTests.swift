import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("The monitor", .timeLimit(.minutes(1)))
struct DownloadMonitorTests {
    private let sleeper = ManualSleeper()
    private let doorbells = Doorbells()

    private func monitor(_ world: HostWorld) -> DownloadMonitor {
        DownloadMonitor(
            registry: world.registry,
            queue: world.queue,
            clock: world.clock,
            sleeper: sleeper,
            doorbells: doorbells
        )
    }

    private func cursors(_ client: ScriptedClient) -> [String?] { client.state.withLock(\.cursors) }

    @Test("asks an idle client seldom, and goes on from the last answer")
    func idle() async throws {
        let world = try await HostWorld.with("one")
        let monitor = monitor(world)
        await monitor.reconcile()
        // The first round may run twice: adding a client rings for it too.
        var sleep = await sleeper.nextSleep()
        #expect(sleep == .seconds(30))
        let before = cursors(world.client("one")).count
        sleeper.advance(by: .seconds(30))
        await eventually("it asks again") { cursors(world.client("one")).count > before }
        sleep = await sleeper.nextSleep()
        #expect(sleep == .seconds(30))
        #expect(cursors(world.client("one")).first == .some(nil) && cursors(world.client("one")).last == "all")
        await monitor.stop()
    }

    @Test("asks a client often on which something moves")
    func active() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        let monitor = monitor(world)
        await monitor.reconcile()
        #expect(await sleeper.nextSleep() == .seconds(2))
        #expect(await world.item(item.id)?.tracked.report != nil)
        await monitor.stop()
    }

    @Test("asks by its id for a download that the changes leave out")
    func catchUp() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        world.client("one").state.withLock { state in
            state.changes = [DownloadChanges(cursor: "1", isComplete: false, items: [])]
        }
        let monitor = monitor(world)
        await monitor.reconcile()
        #expect(await sleeper.nextSleep() == .seconds(2))
        #expect(world.client("one").calls("item").map(\.id) == [item.downloadID])
        #expect(await world.item(item.id)?.tracked.report?.state.value == .queued)
        await monitor.stop()
    }

    @Test(
        "what a client does not tell about one download is no failure of the client, and is shown there",
        arguments: [PluginError.Code.invalid, .unsupported, .conflict]
    )
    func oneCall(code: PluginError.Code) async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        world.client("one").state.withLock { state in
            state.changes = [DownloadChanges(cursor: "1", isComplete: false, items: [])]
        }
        world.client("one").fail("item", PluginError(code, "Ask for another one."))
        let monitor = monitor(world)
        await monitor.reconcile()
        _ = await sleeper.nextSleep()
        await eventually("the item shows it") {
            await world.item(item.id)?.clientProblem?.contains("Ask for another one.") == true
        }
        #expect(await world.registry.instance("id-one")?.health.failures == 0)
        await monitor.stop()
    }

    @Test("a download that the client says not to have is missing, and that is no failure of the client")
    func notFound() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        world.client("one").state.withLock { state in
            state.changes = [DownloadChanges(cursor: "1", isComplete: false, items: [])]
        }
        world.client("one").fail("item", PluginError(.notFound, "No such download."))
        let before = await world.item(item.id)?.tracked
        let monitor = monitor(world)
        await monitor.reconcile()
        _ = await sleeper.nextSleep()
        await eventually("it is taken for missing") { await world.item(item.id)?.tracked != before }
        #expect(await world.registry.instance("id-one")?.health.failures == 0)
        await monitor.stop()
    }

    @Test("shows the failure of a client, and climbs down again when it answers")
    func failure() async throws {
        let world = try await HostWorld.with("one")
        let item = try await world.add()
        world.client("one").fail("changes", PluginError(.unreachable, "Nobody there."))
        let monitor = monitor(world)
        await monitor.reconcile()
        #expect(await sleeper.nextSleep() == .seconds(5))
        #expect(await world.item(item.id)?.clientProblem?.contains("Nobody there.") == true)
        #expect(await world.registry.instance("id-one")?.health.status == "warning")
        world.client("one").fail("changes", nil)
        doorbells.ring("id-one")
        await eventually("it answers") { await world.registry.instance("id-one")?.health.status == "healthy" }
        await eventually("the item shows it") { await world.item(item.id)?.clientProblem == nil }
        await monitor.stop()
    }

    @Test("leaves a client alone that refused the password, until the time has come")
    func backOff() async throws {
        let world = try await HostWorld.with("one")
        world.client("one").fail("changes", PluginError(.unauthorized, "Wrong password."))
        let monitor = monitor(world)
        await monitor.reconcile()
        _ = await sleeper.nextSleep()
        await eventually("the failure is known") {
            await world.registry.instance("id-one")?.health.nextAttempt == ManualClock.start + 60
        }
        let before = world.client("one").calls("changes").count
        for _ in 0..<3 {
            doorbells.ring("id-one")
            var sleep = await sleeper.nextSleep()
            for _ in 0..<3 where sleep != .seconds(60) { sleep = await sleeper.nextSleep() }
            #expect(sleep == .seconds(60))
        }
        #expect(world.client("one").calls("changes").count == before)
        world.clock.advance(60)
        doorbells.ring("id-one")
        await eventually("it asks again") { world.client("one").calls("changes").count == before + 1 }
        await monitor.stop()
    }

    @Test("a client that hangs slows no other")
    func sideBySide() async throws {
        let world = try HostWorld()
        let latch = Latch()
        world.plugins.state.withLock { $0.clients["one"] = ScriptedClient(latches: ["changes": latch]) }
        for name in ["one", "two"] { try await world.addClient(name) }
        let monitor = monitor(world)
        await monitor.reconcile()
        await latch.arrivals()
        for _ in 0..<3 {
            #expect(await sleeper.nextSleep() == .seconds(30))
            doorbells.ring("id-two")
        }
        #expect(cursors(world.client("two")).count >= 3 && cursors(world.client("one")).count == 1)
        latch.open()
        await monitor.stop()
    }

    @Test("ends the loop of a client that was switched off or deleted")
    func switchedOff() async throws {
        let world = try await HostWorld.with("one")
        let monitor = monitor(world)
        await monitor.reconcile()
        _ = await sleeper.nextSleep()
        var instance = HostWorld.instance("one")
        instance.isEnabled = false
        try await world.registry.save(instance)
        await monitor.reconcile()
        let before = cursors(world.client("one")).count
        sleeper.advance(by: .seconds(60))
        doorbells.ring("id-one")
        await monitor.stop()
        #expect(cursors(world.client("one")).count == before)
    }
}
