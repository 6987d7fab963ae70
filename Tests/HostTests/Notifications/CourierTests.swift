import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("The courier", .timeLimit(.minutes(1)))
struct CourierTests {
    @Test("brings each event to every notifier once and in order")
    func delivers() async throws {
        let at = try CourierWorld()
        try await at.world.addNotifier("one")
        try await at.world.addNotifier("two")
        await at.courier.reconcile()
        try await at.announce(.sample("a"), .sample("b"))
        try await at.announce(.sample("c"))
        for name in ["one", "two"] {
            await eventually("\(name) has all") { at.world.notifier(name).taken.count == 3 }
            #expect(at.world.notifier(name).taken.map(\.id) == ["a", "b", "c"])
        }
        try await eventually("it is written down") { try at.all(.delivered).count == 6 }
        #expect(try at.all().allSatisfy { $0.attempts == 1 && $0.ended == at.world.clock.now })
        await at.courier.stop()
    }

    @Test("sends what the settings and the plugin leave in, and forgets the rest")
    func filters() async throws {
        let at = try CourierWorld()
        at.world.notifier("few").state.withLock {
            $0.supported = [.known(.imported), .known(.deleted), .known(.grabbed)]
        }
        try await at.world.addNotifier("few", ["events": ["imported", "deleted"], "mediaTypes": ["series"]])
        await at.courier.reconcile()
        try await at.announce(
            .sample("movie"),
            .sample("series", details: ["type": "series"]),
            .sample("no type", .deleted, details: [:]),
            .sample("unwanted", .grabbed, details: ["type": "series"]),
            .sample("unknown", .downloaded, details: ["type": "series"])
        )
        try await eventually("all are looked at") { try at.all(.waiting).isEmpty }
        #expect(at.world.notifier("few").taken.map(\.id) == ["series", "no type"])
        #expect(try at.all().count == 2)
        await at.courier.stop()
    }

    @Test("does not tell a notifier that it does not work itself")
    func itself() async throws {
        let at = try CourierWorld()
        try await at.world.addNotifier("one")
        try await at.world.addNotifier("two")
        await at.courier.reconcile()
        try await at.announce(.sample("x", .healthChanged, details: ["source": "notifier", "subject_id": "id-one"]))
        try await eventually("all are looked at") { try at.all(.waiting).isEmpty }
        #expect(at.world.notifier("one").taken.isEmpty && at.world.notifier("two").taken.count == 1)
        await at.courier.stop()
    }

    @Test("tries again what failed for a reason that passes, before anything newer")
    func triesAgain() async throws {
        let at = try CourierWorld()
        at.world.notifier("one").fail(PluginError(.remoteFailure, "It is ill."))
        try await at.world.addNotifier("one")
        await at.courier.reconcile()
        try await at.announce(.sample("a"), .sample("b"))
        try await eventually("the first attempt fails") { try at.all().first?.attempts == 1 }
        let waiting = try #require(try at.all(.waiting).first)
        #expect(waiting.event.id == "a" && waiting.code == "remote_failure" && waiting.reason == "It is ill.")
        await eventually("its health shows it") { await at.world.registry.instance("id-one")?.health.failures == 1 }
        #expect(try at.all().last?.attempts == 0)
        at.world.clock.advance(60)
        at.bells.ringAll()
        await eventually("both arrive") { at.world.notifier("one").taken.map(\.id) == ["a", "b"] }
        #expect(await at.world.registry.instance("id-one")?.health.message == nil)
        await at.courier.stop()
    }

    @Test(
        "gives up what is wrong with the event itself and goes on with the next",
        arguments: [PluginError.Code.invalid, .notFound]
    )
    func givesUp(code: PluginError.Code) async throws {
        let at = try CourierWorld()
        at.world.notifier("one").fail(PluginError(code, "It is gone."))
        try await at.world.addNotifier("one")
        await at.courier.reconcile()
        try await at.announce(.sample("a"), .sample("b"))
        try await eventually("it is given up") { try at.all(.failed).map(\.event.id) == ["a"] }
        await eventually("its health shows it") { await at.world.registry.instance("id-one")?.health.failures == 1 }
        at.world.clock.advance(60)
        at.bells.ringAll()
        await eventually("the next one arrives") { at.world.notifier("one").taken.map(\.id) == ["b"] }
        #expect(try at.world.store.lostEvents().map(\.reason) == ["It is gone."])
        #expect(!at.lost.all.isEmpty)
        await at.courier.stop()
    }

    @Test("waits as long as the service asks, and does not take that for ill health when it is short")
    func rateLimited() async throws {
        let at = try CourierWorld()
        at.world.notifier("one").fail(PluginError(.rateLimited, "Slowly.", retryAfter: 3))
        try await at.world.addNotifier("one")
        try await at.world.store.announce([.sample("a")], now: at.world.clock.now)
        await at.courier.reconcile()
        #expect(await at.sleeper.nextSleep() == .seconds(3))
        #expect(await at.world.registry.instance("id-one")?.health.message == nil)
        at.sleeper.advance(by: .seconds(3))
        await eventually("it arrives") { at.world.notifier("one").taken.count == 1 }
        await at.courier.stop()
    }

    @Test("gives up after a day")
    func expires() async throws {
        let at = try CourierWorld()
        at.world.notifier("one").fail(PluginError(.remoteFailure, "It is ill."))
        try await at.world.addNotifier("one")
        await at.courier.reconcile()
        try await at.announce(.sample("old"))
        try await eventually("the first attempt fails") { try at.all().first?.attempts == 1 }
        at.world.clock.advance(Notification.lifetime)
        try await at.announce(.sample("new"))
        await eventually("the new one arrives") { at.world.notifier("one").taken.map(\.id) == ["new"] }
        let old = try #require(try at.all(.failed).first)
        #expect(old.event.id == "old" && old.reason == "It is ill.")
        await at.courier.stop()
    }

    @Test("one that hangs slows no other")
    func hangs() async throws {
        let latch = Latch()
        let at = try CourierWorld()
        at.world.plugins.state.withLock { $0.notifiers["slow"] = ScriptedNotifier(latch: latch) }
        try await at.world.addNotifier("slow")
        try await at.world.addNotifier("quick")
        await at.courier.reconcile()
        try await at.announce(.sample("a"))
        await latch.arrivals()
        try await at.announce(.sample("b"))
        await eventually("the quick one has both") { at.world.notifier("quick").taken.count == 2 }
        #expect(at.world.notifier("slow").taken.isEmpty)
        latch.open()
        await eventually("the slow one has both") { at.world.notifier("slow").taken.map(\.id) == ["a", "b"] }
        await at.courier.stop()
    }

    @Test("sends after a restart what was not sent, under the same id")
    func restart() async throws {
        let at = try CourierWorld()
        try await at.world.addNotifier("one")
        try await at.announce(.sample("a"))
        let next = try CourierWorld(try await at.world.restarted())
        await next.courier.reconcile()
        await eventually("it arrives") { next.world.notifier("one").taken.map(\.id) == ["a"] }
        await next.courier.stop()
    }

    @Test("what a person wants to be sent is sent at once, also when it was given up")
    func retry() async throws {
        let at = try CourierWorld()
        at.world.notifier("one").fail(PluginError(.notFound, "It is gone."))
        try await at.world.addNotifier("one")
        await at.courier.reconcile()
        try await at.announce(.sample("a"))
        try await eventually("it is given up") { try at.all(.failed).count == 1 }
        try await at.courier.retry(try #require(try at.all().first))
        await eventually("it arrives") { at.world.notifier("one").taken.map(\.id) == ["a"] }
        try await eventually("nothing is lost") { try at.world.store.lostEvents().isEmpty }
        await at.courier.stop()
    }

    @Test("keeps events while a plugin is missing, and sends nothing to a notifier that is switched off")
    func notUsable() async throws {
        let at = try CourierWorld()
        try await at.world.addNotifier("one")
        try await at.world.addNotifier("off", isEnabled: false)
        at.world.plugins.state.withLock { $0.missing = ["quiet"] }
        await at.courier.reconcile()
        try await at.announce(.sample("a"))
        _ = await at.sleeper.nextSleep()
        #expect(try at.all().map(\.notifierID) == ["id-one"] && at.all(.waiting).count == 1)
        at.world.plugins.state.withLock { $0.missing = [] }
        await at.courier.reconcile()
        await eventually("it arrives") { at.world.notifier("one").taken.count == 1 }
        #expect(at.world.notifier("off").calls == 0)
        await at.courier.stop()
    }
}
