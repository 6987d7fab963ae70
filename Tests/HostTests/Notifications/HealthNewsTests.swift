import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

@Suite("News of the server's health")
struct HealthNewsTests {
    private func problem(
        _ state: String = "failing",
        level: Problem.Level = .error,
        dismissed: Date? = nil
    ) -> Problem {
        let finding = Problem.Finding(
            source: .downloadClient,
            subjectID: "c",
            name: "one",
            level: level,
            code: "unreachable",
            state: state,
            summary: "The download client one does not work.",
            message: "Nobody answers.",
            action: "Start it."
        )
        return Problem(id: finding.id, finding: finding, since: ManualClock.start, dismissed: dismissed)
    }

    private func titles(_ news: inout HealthNews, _ changes: ProblemList.Change...) -> [String] {
        news.events(for: changes, at: ManualClock.start).map(\.title)
    }

    @Test("a problem that lasts is told once, and once when it is over")
    func lasts() {
        var news = HealthNews(remembering: [])
        #expect(titles(&news, .added(problem("warning"))) == [])
        #expect(titles(&news, .updated(problem())) == ["The download client one does not work."])
        #expect(titles(&news, .updated(problem())) == [])
        #expect(
            titles(&news, .removed(problem())) == ["No longer a problem: The download client one does not work."]
        )
        #expect(titles(&news, .removed(problem())) == [])
    }

    @Test("what passes at once, what is only a warning and what was dismissed is no news")
    func noNews() {
        var news = HealthNews(remembering: [])
        #expect(titles(&news, .added(problem("warning")), .removed(problem("warning"))) == [])
        #expect(titles(&news, .added(problem(level: .warning)), .removed(problem(level: .warning))) == [])
        #expect(titles(&news, .added(problem(dismissed: ManualClock.start))) == [])
    }

    @Test("what was told in the last run is not told again, but its end is")
    func restart() {
        let problem = problem()
        let record = ProblemList.Record(id: problem.id, code: "", state: "failing", since: ManualClock.start)
        var news = HealthNews(remembering: [record])
        #expect(titles(&news, .added(problem)) == [])
        #expect(titles(&news, .removed(problem)).count == 1)
    }

    @Test("what was told in the last run and is over since then is news when it comes again")
    func again() {
        let problem = problem()
        let record = ProblemList.Record(id: problem.id, code: "", state: "failing", since: ManualClock.start)
        var news = HealthNews(remembering: [record])
        news.forget(allBut: [])
        #expect(titles(&news, .added(problem)).count == 1)
        news.forget(allBut: [problem.id])
        #expect(titles(&news, .added(problem)) == [])
    }

    @Test("a failing backend comes into the outbox")
    func watched() async throws {
        let api = try await APIWorld("one")
        try await api.world.addNotifier("ear")
        _ = await api.health.current()
        await api.world.registry.recordFailure("id-one", PluginError(.unauthorized, "No."))
        _ = await api.health.current()
        await api.health.stop()
        let told = try api.world.store.notifications(nil, of: nil, page: 1, limit: 10).notifications.map(\.event)
        #expect(told.contains { $0.kind == .healthChanged && $0.details["subject_id"] == "id-one" })
    }
}
