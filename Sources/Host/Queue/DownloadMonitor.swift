import FoundationEssentials
import PluginAPI

/// Asks every download client what has changed: each in a loop of its own, so that one that hangs slows no other.
actor DownloadMonitor {
    /// How often a client is asked.
    struct Pace: Sendable {
        /// While something moves there.
        var active = Duration.seconds(2)
        var idle = Duration.seconds(30)
        /// After a failure that does not ask for a longer wait.
        var failed = Duration.seconds(5)
    }

    /// Single requests for downloads that a list of changes can have missed, in one round.
    private static let mostSingleRequests = 50

    private let registry: Registry
    private let queue: DownloadQueue
    private let clock: any WallClock
    private let sleeper: any Clock<Duration>
    private let pace: Pace
    private let doorbells: Doorbells
    private var loops: [String: Task<Void, Never>] = [:]

    init(
        registry: Registry,
        queue: DownloadQueue,
        clock: any WallClock,
        sleeper: any Clock<Duration> = .continuous,
        pace: Pace = Pace(),
        doorbells: Doorbells
    ) {
        self.registry = registry
        self.queue = queue
        self.clock = clock
        self.sleeper = sleeper
        self.pace = pace
        self.doorbells = doorbells
    }

    /// Begins and ends loops so that each enabled instance has one.
    func reconcile() async {
        let wanted = Set(await registry.instances(of: .downloadClient).filter(\.isEnabled).map(\.id))
        for (id, loop) in loops where !wanted.contains(id) {
            loop.cancel()
            loops[id] = nil
            doorbells.remove(id)
        }
        for id in wanted where loops[id] == nil {
            loops[id] = Task { await self.run(id) }
        }
        for id in wanted { doorbells.ring(id) }
    }

    func stop() async {
        let running = loops.values
        loops = [:]
        for loop in running { loop.cancel() }
        for loop in running { await loop.value }
    }

    private func run(_ id: String) async {
        let doorbell = doorbells.doorbell(id)
        var cursor: String?
        while !Task.isCancelled {
            let wait = await poll(id, &cursor)
            if Task.isCancelled { return }
            await doorbell.wait(for: wait, clock: sleeper)
        }
    }

    /// Asks once.
    ///
    /// - Returns: how long to wait before the next time.
    private func poll(_ id: String, _ cursor: inout String?) async -> Duration {
        guard let instance = await registry.instance(id) else { return pace.idle }
        let now = clock.now
        if let next = instance.health.nextAttempt, next > now {
            return .seconds(min(next.timeIntervalSince(now), 3600))
        }
        do {
            let client = try await registry.downloadClient(id)
            let changes = try await client.changes(since: cursor)
            let isActive = await queue.apply(changes, from: id)
            cursor = changes.cursor
            let isCaughtUp = try await catchUp(id, client)
            await registry.recordSuccess(id)
            return isActive || !isCaughtUp ? pace.active : pace.idle
        } catch {
            let error = PluginError(wrapping: error)
            if error.code == .cancelled { return pace.active }
            await registry.recordFailure(id, error)
            await queue.clientFailed(id, error)
            return pace.failed
        }
    }

    /// - Returns: whether nothing is left about which something could be learnt soon.
    private func catchUp(_ id: String, _ client: any DownloadClient) async throws -> Bool {
        var isCaughtUp = true
        for downloadID in await queue.unreported(at: id, limit: Self.mostSingleRequests) {
            do {
                if let item = try await client.item(downloadID) {
                    let single = DownloadChanges(cursor: "", isComplete: false, items: [item])
                    _ = await queue.apply(single, from: id)
                } else {
                    await queue.reportMissing(downloadID, at: id)
                }
                isCaughtUp = false
            } catch let error as PluginError where error.code == .notFound {
                await queue.reportMissing(downloadID, at: id)
                isCaughtUp = false
            } catch let error as PluginError where error.isAboutOneCall {
                // The client has answered, and the other downloads have done nothing.
                await queue.reportUnknown(downloadID, at: id, error)
            }
        }
        return isCaughtUp
    }
}
