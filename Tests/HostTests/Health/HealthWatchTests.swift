import Dispatch
import FoundationEssentials
import PluginAPI
import PluginHosting
import SQLite
import Synchronization
import Testing

@testable import Host

@Suite("The watch over the server's health", .timeLimit(.minutes(1)))
struct HealthWatchTests {
    private let world: HostWorld
    private let news = News()
    private let refused = PluginError(.unauthorized, "Wrong password.")

    init() async throws {
        world = try await HostWorld.with("one", "two")
    }

    private func watch(
        _ places: [DiskHealth.Place] = [],
        of world: HostWorld? = nil,
        plugins: @escaping @Sendable () -> [PluginEntry] = { [] }
    ) throws -> HealthWatch {
        let world = world ?? self.world
        return try HealthWatch(
            store: world.store,
            registry: world.registry,
            disks: DiskHealth(places, clock: world.clock),
            redactor: world.redactor,
            logger: world.logger,
            clock: world.clock,
            feed: news,
            plugins: plugins
        )
    }

    @Test("says at once what changes at an instance, without being asked")
    func tells() async throws {
        let watch = try watch()
        await world.registry.onHealthChange { watch.ring() }
        _ = await watch.current()
        let sleeper = ManualSleeper()
        let loop = Task { await watch.run(sleeper: sleeper) }
        _ = await sleeper.nextSleep()
        await world.registry.recordFailure("id-one", refused)
        await eventually("the problem is told") { news.words.all.contains("problemAdded one unauthorized") }
        #expect(news.words.all.first == "instance one failing")
        await world.registry.recordSuccess("id-one")
        await eventually("its end is told") { news.words.all.last == "problemRemoved one unauthorized" }
        #expect(news.words.all.count == 4)
        loop.cancel()
        await loop.value
    }

    @Test("a client that works time and again is no news")
    func quiet() async throws {
        let watch = try watch()
        let rings = Recorder<Int>()
        await world.registry.onHealthChange { rings.add(1) }
        _ = await watch.current()
        for _ in 0..<5 {
            world.clock.advance(2)
            await world.registry.recordSuccess("id-one")
        }
        _ = await watch.current()
        #expect(rings.all.isEmpty && news.words.all.isEmpty)
        #expect(await world.registry.instance("id-one")?.health.lastSuccess == world.clock.now)
    }

    @Test("the first look tells nothing: what was there before is read, not told")
    func first() async throws {
        await world.registry.recordFailure("id-one", refused)
        let watch = try watch(plugins: { [PluginEntry(id: "bad", path: "/b", state: .failed)] })
        #expect(await watch.current().problems.map(\.finding.name) == ["bad", "one"])
        #expect(news.words.all.isEmpty)
    }

    @Test("tells of plugins that came, changed and went, without secrets in their reasons")
    func plugins() async throws {
        let list = Listed()
        let watch = try watch(plugins: { list.entries.withLock { $0 } })
        _ = await watch.current()
        list.entries.withLock { $0 = [PluginEntry(id: "box", path: "/b", state: .failed, reason: "bad hunter2-one")] }
        let problem = try #require(await watch.current().problems.first)
        #expect(problem.finding.message == "bad ***")
        #expect(news.words.all == ["plugin box failed bad ***", "problemAdded box failed"])
        list.entries.withLock { $0 = [] }
        _ = await watch.current()
        #expect(news.words.all.suffix(2) == ["pluginRemoved box", "problemRemoved box failed"])
    }

    @Test("a dismissed problem stays so over a restart, with its beginning; it comes back when it came again")
    func dismissed() async throws {
        await world.registry.recordFailure("id-one", refused)
        let plugins: @Sendable () -> [PluginEntry] = { [PluginEntry(id: "bad", path: "/b", state: .failed)] }
        let watch = try watch(plugins: plugins)
        let problems = await watch.current().problems
        for problem in problems { #expect(try await watch.setDismissed(problem.id, true)?.isDismissed == true) }
        #expect(news.words.all == ["problemUpdated bad failed", "problemUpdated one unauthorized"])
        await watch.stop()
        world.clock.advance(60)
        let next = try await world.restarted()
        let nextWatch = try self.watch(of: next, plugins: plugins)
        let again = await nextWatch.current().problems
        #expect(again.map(\.id) == problems.map(\.id) && again.allSatisfy(\.isDismissed))
        #expect(again.map(\.since) == problems.map(\.since))
        await next.registry.recordSuccess("id-one")
        await next.registry.recordFailure("id-one", refused)
        #expect(await nextWatch.current().problems.map(\.isDismissed) == [true, false])
        #expect(try await nextWatch.setDismissed("nothing", true) == nil)
    }

    @Test("what was dismissed in the last run and does not come back is forgotten after a quarter of an hour")
    func forgotten() async throws {
        await world.registry.recordFailure("id-one", refused)
        let first = try watch()
        let problem = try #require(await first.current().problems.first)
        _ = try await first.setDismissed(problem.id, true)
        await first.stop()
        let next = try await world.restarted()
        await next.registry.recordSuccess("id-one")
        let watch = try watch(of: next)
        for (age, kept) in [(0.0, 1), (InstanceHealth.grace - 1, 1), (InstanceHealth.grace, 0)] {
            next.clock.advance(age - next.clock.now.timeIntervalSince(ManualClock.start))
            _ = await watch.current()
            await watch.stop()
            #expect(try next.store.problems().count == kept)
        }
    }

    @Test("a dismissal that cannot be stored is refused, and the problem stays open")
    func unstored() async throws {
        await world.registry.recordFailure("id-one", refused)
        let watch = try watch()
        let problem = try #require(await watch.current().problems.first)
        await watch.stop()
        world.store.close()
        await #expect(throws: (any Error).self) { try await watch.setDismissed(problem.id, true) }
        #expect(await watch.current().problems.map(\.isDismissed) == [false])
    }

    @Test("the list is shown though the database hangs", .timeLimit(.minutes(1)))
    func hangs() async throws {
        let (holds, letGo) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let held: Void = world.store.database.write { _ in
            holds.signal()
            letGo.wait()
        }
        await BlockingWork.run { holds.wait() }
        let watch = try watch(plugins: { [PluginEntry(id: "bad", path: "/b", state: .failed)] })
        #expect(await watch.current().problems.map(\.finding.name) == ["bad"])
        letGo.signal()
        _ = try await held
        await watch.stop()
        #expect(try world.store.problems().count == 1)
    }

    @Test("looks at the disks once a minute, and tells what it finds there")
    func disks() async throws {
        let counter = Looks()
        let watch = try watch([
            .init(name: "tv") {
                let looks = counter.count.withLock { count in
                    count += 1
                    return count
                }
                return looks < 2 ? .init() : .init(problem: .init(.silent, "Silent."))
            }
        ])
        let sleeper = ManualSleeper()
        let loop = Task { await watch.run(sleeper: sleeper) }
        #expect(await sleeper.nextSleep() == .seconds(60))
        world.clock.advance(30)
        watch.ring()
        #expect(await sleeper.nextSleep() == .seconds(30))
        #expect(counter.count.withLock { $0 } == 1)
        world.clock.advance(30)
        sleeper.advance(by: .seconds(60))
        await eventually("the disk is told") { news.words.all == ["problemAdded tv silent"] }
        loop.cancel()
        await loop.value
    }

    @Test("what the server finds out about itself is a problem too")
    func server() async throws {
        let watch = try watch()
        await watch.report(.foldersNotWatched)
        #expect(await watch.current().problems.map(\.finding.code) == ["folders_not_watched"])
        #expect(await watch.openCounts.first { $0.source == .server }?.count == 1)
    }

    /// Counts how often a disk was looked at.
    private final class Looks: Sendable {
        let count = Mutex(0)
    }

    /// A list of plugins that the test changes.
    private final class Listed: Sendable {
        let entries = Mutex<[PluginEntry]>([])
    }

    /// What was told, in words.
    private struct News: HealthFeed {
        let words = Recorder<String>()

        func changed(_ change: ProblemList.Change) {
            switch change {
            case .added(let problem): words.add("problemAdded \(problem.finding.name) \(problem.finding.code)")
            case .updated(let problem): words.add("problemUpdated \(problem.finding.name) \(problem.finding.code)")
            case .removed(let problem): words.add("problemRemoved \(problem.finding.name) \(problem.finding.code)")
            }
        }

        func changed(_ plugin: PluginEntry) {
            words.add("plugin \(plugin.id) \(plugin.state.rawValue) \(plugin.reason ?? "")")
        }

        func removed(_ plugin: PluginEntry) { words.add("pluginRemoved \(plugin.id)") }
        func changed(_ instance: InstanceStanding) { words.add("instance \(instance.name) \(instance.word)") }
    }
}
