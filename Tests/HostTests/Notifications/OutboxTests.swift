import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

@Suite("The outbox")
struct OutboxTests {
    private let world: HostWorld

    init() throws { world = try HostWorld() }

    private func ids(_ state: Notification.State) throws -> [String] {
        try world.store.notifications(state, of: nil, page: 1, limit: 5000).notifications.reversed().map(\.event.id)
    }

    @Test("is bounded for each notifier: the oldest are given up for newer ones")
    func waiting() async throws {
        try await world.addNotifier("one")
        let most = Store.mostWaitingNotifications
        try await world.store.announce((0..<most + 2).map { .sample("\($0)") }, now: world.clock.now)
        #expect(try ids(.failed) == ["0", "1"])
        #expect(try ids(.waiting).count == most)
        let lost = try #require(try world.store.lostEvents().first)
        #expect(lost.count == 2 && lost.notifierID == "id-one" && lost.last == world.clock.now)
    }

    @Test("keeps the newest of what has ended")
    func ended() async throws {
        try await world.addNotifier("one")
        let most = Store.mostEndedNotifications
        try await world.store.announce((0..<most + 2).map { .sample("\($0)") }, now: world.clock.now)
        for _ in 0..<most + 2 {
            let next = try #require(try world.store.nextNotification(of: "id-one"))
            try await world.store.markDelivered(next.number, now: world.clock.now)
        }
        #expect(try ids(.delivered).count == most && ids(.delivered).first == "2")
    }

    @Test("forgets what was meant for a notifier that is deleted")
    func deleted() async throws {
        try await world.addNotifier("one")
        try await world.addNotifier("two")
        try await world.store.announce([.sample("a")], now: world.clock.now)
        try await world.registry.delete("id-one")
        let left = try world.store.notifications(nil, of: nil, page: 1, limit: 10)
        #expect(left.notifications.map(\.notifierID) == ["id-two"] && left.total == 1)
    }

    @Test("writes nothing while there is no notifier, and nothing for other kinds of backends")
    func nobody() async throws {
        try await world.addClient("client")
        try await world.store.announce([.sample("a")], now: world.clock.now)
        #expect(try world.store.notifications(nil, of: nil, page: 1, limit: 10).total == 0)
    }

    @Test("is read in pages, the newest first, by state and notifier")
    func pages() async throws {
        try await world.addNotifier("one")
        try await world.store.announce((0..<5).map { .sample("\($0)") }, now: world.clock.now)
        let page = try world.store.notifications(.waiting, of: "id-one", page: 2, limit: 2)
        #expect(page.notifications.map(\.event.id) == ["2", "1"] && page.total == 5)
        #expect(try world.store.notifications(.waiting, of: "id-two", page: 1, limit: 2).total == 0)
    }
}
