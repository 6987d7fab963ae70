import FoundationEssentials
import PluginAPI

@testable import Host

/// A courier over scripted notifiers.
struct CourierWorld {
    let world: HostWorld
    let sleeper = ManualSleeper()
    let bells = Doorbells()
    let lost = Recorder<Int>()
    let courier: NotificationCourier

    init(_ world: HostWorld? = nil) throws {
        let world = try world ?? HostWorld()
        self.world = world
        let lost = lost
        courier = NotificationCourier(
            store: world.store,
            registry: world.registry,
            logger: world.logger,
            clock: world.clock,
            sleeper: sleeper,
            bells: bells
        ) { lost.add(1) }
    }

    /// Writes events into the outbox and rings.
    func announce(_ events: NotificationEvent...) async throws {
        try await world.store.announce(events, now: world.clock.now)
        bells.ringAll()
    }

    func all(_ state: Notification.State? = nil, of name: String? = nil) throws -> [Notification] {
        try world.store.notifications(state, of: name.map { "id-" + $0 }, page: 1, limit: 100).notifications.reversed()
    }
}

extension NotificationEvent {
    static func sample(
        _ id: String,
        _ kind: Kind = .imported,
        details: [String: JSONValue] = ["type": "movie"]
    ) -> NotificationEvent {
        var event = NotificationEvent(
            id: id,
            kind: kind,
            time: "2024-01-15T10:30:00Z",
            title: "Film \(id)",
            message: ""
        )
        event.details = details
        return event
    }
}
