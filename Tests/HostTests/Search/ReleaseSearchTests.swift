import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

@Suite("Searching at all indexers", .timeLimit(.minutes(1)))
struct ReleaseSearchTests {
    private let request = SearchRequest(ReleaseQuery(kind: .any, text: "film"))

    /// A world with indexers, and a search whose time only the test moves.
    private struct Rig {
        let world: HostWorld
        let shelf: ReleaseShelf
        let sleeper = ManualSleeper()
        let search: ReleaseSearch

        init() throws {
            world = try HostWorld()
            shelf = ReleaseShelf(clock: world.clock)
            search = ReleaseSearch(
                registry: world.registry,
                shelf: shelf,
                qualities: .standard,
                redactor: world.redactor,
                clock: world.clock,
                sleeper: sleeper
            )
        }

        func indexer(_ name: String) -> ScriptedIndexer { world.plugins.indexer(name) }
    }

    @Test("all enabled indexers are asked, and what they have comes best first")
    func all() async throws {
        let rig = try Rig()
        for (index, name) in ["one", "two"].enumerated() { try await rig.world.addIndexer(name, priority: index + 1) }
        var off = HostWorld.instance("off", implementation: "finder", kind: .indexer)
        off.isEnabled = false
        try await rig.world.registry.save(off)
        rig.indexer("one").offer(.sample("Film.2020.720p.WEB-DL"), .sample("Film.2020.2160p.Remux") { $0.seeders = 0 })
        rig.indexer("two").offer(.sample("Film.2020.1080p.BluRay"))
        let report = try await rig.search.report(request)
        #expect(
            report.releases.map(\.release.title)
                == ["Film.2020.1080p.BluRay", "Film.2020.720p.WEB-DL", "Film.2020.2160p.Remux"]
        )
        #expect(report.releases.map(\.score) == [100, 60, 100])
        #expect(report.outcomes.map(\.name) == ["one", "two"] && report.outcomes.map(\.count) == [2, 1])
        #expect(report.isComplete && !report.isTruncated)
        #expect(rig.indexer("off").queries.isEmpty && rig.indexer("one").queries.first?.text == "film")
    }

    @Test("one that hangs holds nobody up: when the time is over the others' releases are the answer")
    func hanging() async throws {
        let rig = try Rig()
        let latch = Latch()
        defer { latch.open() }
        try await rig.world.addIndexer("hangs", ScriptedIndexer(latch: latch))
        for number in 0..<19 {
            try await rig.world.addIndexer("i\(number)")
            rig.indexer("i\(number)").offer(.sample("Film \(number)"))
        }
        async let report = rig.search.report(request)
        #expect(await rig.sleeper.nextSleep() == .seconds(30))
        await latch.arrivals()
        await eventually("the others have answered") {
            await rig.world.registry.instances(of: .indexer).count { $0.health.lastSuccess != nil } == 19
        }
        rig.sleeper.advance(by: .seconds(30))
        let answer = try await report
        #expect(answer.releases.count == 19 && !answer.isComplete)
        let late = try #require(answer.outcomes.first { $0.name == "hangs" })
        #expect(late.status == .timeout && late.code == "deadline_exceeded" && late.message != nil)
        #expect(await rig.world.registry.instance("id-hangs")?.health.code == "deadline_exceeded")
    }

    @Test("releases are told as they come")
    func stream() async throws {
        let rig = try Rig()
        let latch = Latch()
        try await rig.world.addIndexer("slow", ScriptedIndexer(latch: latch))
        try await rig.world.addIndexer("fast")
        rig.indexer("fast").offer(.sample("Film A", guid: "a"), .sample("Film B", guid: "b"))
        rig.indexer("slow").offer(.sample("Film B", guid: "b"), .sample("Film C", guid: "c"))
        var told: [String] = []
        for await event in try await rig.search.events(request) {
            switch event {
            case .began(let indexers): told.append("began \(indexers.map(\.name))")
            case .answered(let outcome, let new):
                told.append("\(outcome.name) \(new.map(\.release.title))")
                latch.open()
            case .ended(let report): told.append("ended \(report.releases.count)")
            }
        }
        #expect(
            told == [
                "began [\"fast\", \"slow\"]", "fast [\"Film A\", \"Film B\"]", "slow [\"Film C\"]", "ended 3",
            ]
        )
    }

    @Test("a search that nobody listens to any more ends, and counts against nobody")
    func abandoned() async throws {
        let rig = try Rig()
        let latch = Latch()
        try await rig.world.addIndexer("slow", ScriptedIndexer(latch: latch))
        let task = Task { try await rig.search.report(request) }
        await latch.arrivals()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        latch.open()
        #expect(await rig.world.registry.instance("id-slow")?.health.message == nil)
    }

    @Test(
        "each failure is told apart from no results, and counts against the indexer",
        arguments: [
            (PluginError.Code.timeout, IndexerOutcome.Status.timeout), (.unreachable, .error), (.unauthorized, .error),
            (.badResponse, .error), (.rateLimited, .error),
        ]
    )
    func failures(code: PluginError.Code, status: IndexerOutcome.Status) async throws {
        let rig = try Rig()
        try await rig.world.addIndexer("one")
        try await rig.world.addIndexer("two")
        rig.indexer("one").fail("search", PluginError(code, "In words.", retryAfter: 90))
        let report = try await rig.search.report(request)
        #expect(report.outcomes.map(\.status) == [status, .ok] && report.outcomes[1].count == 0)
        #expect(report.outcomes[0].message == "In words." && report.outcomes[0].retryAfter == 90)
        let health = await rig.world.registry.instance("id-one")?.health
        #expect(health?.failures == 1 && health?.mayTry(at: rig.world.clock.now) == false)
    }

    @Test(
        "what an indexer cannot look for does not count against it",
        arguments: [PluginError.Code.unsupported, .invalid]
    )
    func unsupported(code: PluginError.Code) async throws {
        let rig = try Rig()
        try await rig.world.addIndexer("one")
        rig.indexer("one").fail("search", PluginError(code, "Not by that id."))
        #expect(try await rig.search.report(request).outcomes.map(\.status) == [.unsupported])
        #expect(await rig.world.registry.instance("id-one")?.health.message == nil)
    }

    @Test("one that rests after failures is not asked, unless it is named")
    func resting() async throws {
        let rig = try Rig()
        try await rig.world.addIndexer("one")
        await rig.world.registry.recordFailure("id-one", PluginError(.unauthorized, "Wrong key."))
        let skipped = try #require(try await rig.search.report(request).outcomes.first)
        #expect(skipped.status == .skipped && skipped.message?.contains("Wrong key.") == true)
        #expect(skipped.retryAfter == 60 && rig.indexer("one").queries.isEmpty)
        var named = request
        named.indexerIDs = ["id-one"]
        #expect(try await rig.search.report(named).outcomes.map(\.status) == [.ok])
    }

    @Test("one that has asked for a pause is not asked, even when it is named")
    func pausing() async throws {
        let rig = try Rig()
        try await rig.world.addIndexer("one")
        await rig.world.registry.recordFailure("id-one", PluginError(.rateLimited, "Slowly.", retryAfter: 600))
        var named = request
        named.indexerIDs = ["id-one"]
        #expect(try await rig.search.report(named).outcomes.map(\.status) == [.skipped])
        #expect(rig.indexer("one").queries.isEmpty)
    }

    @Test("a limit of requests in a minute does not count against the indexer")
    func shortPause() async throws {
        let rig = try Rig()
        try await rig.world.addIndexer("one")
        for _ in 0..<5 {
            rig.indexer("one").fail("search", PluginError(.rateLimited, "Slowly.", retryAfter: 6))
            #expect(try await rig.search.report(request).outcomes.map(\.status) == [.error])
        }
        #expect(await rig.world.registry.instance("id-one")?.health.failures == 0)
    }

    @Test("without an indexer, or with one that is not there, the search is refused")
    func refused() async throws {
        let rig = try Rig()
        await #expect(throws: SearchError.self) { try await rig.search.report(request) }
        try await rig.world.addIndexer("one")
        var named = request
        named.indexerIDs = ["id-one", "nothing"]
        await #expect(throws: SearchError.self) { try await rig.search.report(named) }
        #expect(rig.indexer("one").queries.isEmpty)
    }
}
