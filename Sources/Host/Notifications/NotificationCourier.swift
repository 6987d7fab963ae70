import FoundationEssentials
import PluginAPI

/// Brings the events of the outbox to the notifiers: each in a loop of its own and in the order in which they happened,
/// so that one that hangs slows no other and nothing else.
///
/// An event leaves the outbox when its notifier has taken it. One that fails is tried again when the notifier's health
/// allows it, for a day; what is wrong with the event itself is not tried again.
actor NotificationCourier {
    /// The waits that are not told by a notifier's health.
    struct Pace: Sendable {
        /// After a failure that does not ask for a longer wait.
        var failed = Duration.seconds(5)
        /// Without news.
        var idle = Duration.seconds(3600)
    }

    private let store: Store
    private let registry: Registry
    private let logger: Logger
    private let clock: any WallClock
    private let sleeper: any Clock<Duration>
    private let pace: Pace
    private let bells: Doorbells
    private let lost: @Sendable () -> Void
    private var loops: [String: Task<Void, Never>] = [:]
    /// Loops of notifiers that were switched off, which may still be in a call.
    private var ending: [String: Task<Void, Never>] = [:]
    /// What the plugins say that they can send, by notifier; forgotten when something has changed.
    private var supported: [String: [Open<NotificationEvent.Kind>]] = [:]
    /// The numbers of notifications that were sent, which could not be written down.
    private var unwritten: Set<Int> = []
    /// Notifiers that a person wants to be tried at once.
    private var hurried: Set<String> = []

    /// - Parameters:
    ///   - bells: ring to have the outbox looked at.
    ///   - lost: told when events were given up.
    init(
        store: Store,
        registry: Registry,
        logger: Logger,
        clock: any WallClock,
        sleeper: any Clock<Duration> = .continuous,
        pace: Pace = Pace(),
        bells: Doorbells,
        lost: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.registry = registry
        self.logger = logger
        self.clock = clock
        self.sleeper = sleeper
        self.pace = pace
        self.bells = bells
        self.lost = lost
    }

    /// Begins and ends loops so that each enabled notifier has one.
    func reconcile() async {
        let wanted = Set(await registry.instances(of: .notifier).filter(\.isEnabled).map(\.id))
        supported = [:]
        for (id, loop) in loops where !wanted.contains(id) {
            loop.cancel()
            loops[id] = nil
            ending[id] = loop
            bells.remove(id)
        }
        for id in wanted where loops[id] == nil {
            // Two loops would send the same event.
            let former = ending.removeValue(forKey: id)
            loops[id] = Task {
                await former?.value
                await self.run(id)
            }
        }
        for id in wanted { bells.ring(id) }
        // Somebody may have lost the notifier that the list of problems tells of.
        lost()
    }

    func stop() async {
        let running = Array(loops.values) + ending.values
        loops = [:]
        ending = [:]
        for loop in running { loop.cancel() }
        for loop in running { await loop.value }
    }

    /// Gives up what has waited for too long, also for notifiers that are switched off.
    func sweep() async {
        do {
            try await store.giveUpNotifications(olderThan: clock.now)
            lost()
        } catch {
            logger.error("Old notifications cannot be given up: \(error.words)")
        }
    }

    /// Has a notification sent now, whatever its notifier's health says, and if it was given up.
    ///
    /// Those that wait before it are sent first.
    func retry(_ notification: Notification) async throws {
        try await store.retryNotification(notification.number, now: clock.now)
        hurried.insert(notification.notifierID)
        bells.ring(notification.notifierID)
        lost()
    }

    private func run(_ id: String) async {
        let bell = bells.doorbell(id)
        // A plugin that has kept something for later goes on with it once it is connected.
        _ = try? await supportedEvents(of: id)
        while !Task.isCancelled {
            let wait = await deliverNext(to: id)
            if Task.isCancelled { return }
            if let wait { await bell.wait(for: wait, clock: sleeper) }
        }
    }

    /// - Returns: how long to wait for the next one; `nil` when it can be sent at once.
    private func deliverNext(to id: String) async -> Duration? {
        do {
            guard let next = try store.nextNotification(of: id), let instance = await registry.instance(id) else {
                return pace.idle
            }
            // What is expired is given up first, so that the newer ones get their turn.
            guard next.expires > clock.now else {
                await sweep()
                return nil
            }
            // It is not lost because its plugin is being exchanged; when that is back, the bell rings.
            guard let manifest = await registry.manifest(of: instance) else { return pace.idle }
            let isHurried = hurried.remove(id) != nil
            if !isHurried, let wait = instance.health.nextAttempt?.timeIntervalSince(clock.now), wait > 0 {
                return .seconds(min(wait, 3600))
            }
            return try await deliver(next, to: instance, manifest)
        } catch {
            logger.error("The outbox cannot be read or written: \(error.words)", ["instance": .string(id)])
            return pace.failed
        }
    }

    private func deliver(
        _ next: Notification,
        to instance: Instance,
        _ manifest: PluginManifest
    ) async throws -> Duration? {
        if !unwritten.contains(next.number) {
            let notifier: any Notifier
            do {
                let supported = try await supportedEvents(of: instance.id)
                guard NotificationFilter(instance, manifest.settings, supported: supported).takes(next.event) else {
                    try await store.dropNotification(next.number)
                    return nil
                }
                notifier = try await registry.notifier(instance.id)
            } catch {
                return try await failed(next, of: instance, PluginError(wrapping: error), isFinal: false)
            }
            do {
                try await notifier.notify(next.event)
            } catch {
                let error = PluginError(wrapping: error)
                // A plugin that has just gone says nothing about the event.
                let isPluginThere = await registry.manifest(of: instance) != nil
                let isFinal = error.isAboutOneCall && isPluginThere
                return try await failed(next, of: instance, error, isFinal: isFinal)
            }
            unwritten.insert(next.number)
            await registry.recordSuccess(instance.id)
        }
        try await store.markDelivered(next.number, now: clock.now)
        unwritten.remove(next.number)
        return nil
    }

    private func failed(
        _ next: Notification,
        of instance: Instance,
        _ error: PluginError,
        isFinal: Bool
    ) async throws -> Duration? {
        // A call that was cut off leaves the event where it is: the notifier may have it, and gets it once more.
        guard !Task.isCancelled, error.code.value != .cancelled else { return pace.failed }
        try await store.markFailed(next.number, error, isFinal: isFinal, now: clock.now)
        if error.isShortPause, let seconds = error.retryDelay { return .seconds(max(seconds, 1)) }
        await registry.recordFailure(instance.id, error)
        if isFinal {
            logger.warning(
                "\(instance.name) was not told “\(next.event.title)”: \(error.message)",
                ["instance": .string(instance.id), "event": .string(next.event.id)]
            )
            lost()
            return nil
        }
        return pace.failed
    }

    private func supportedEvents(of id: String) async throws -> [Open<NotificationEvent.Kind>] {
        if let known = supported[id] { return known }
        let events = try await registry.notifier(id).supportedEvents()
        supported[id] = events
        return events
    }
}
