import FoundationEssentials
import Testing

@testable import Host

@Suite("The list of problems")
struct ProblemListTests {
    private let now = ManualClock.start

    private func finding(
        _ name: String = "one",
        code: String = "unauthorized",
        state: String = "failing",
        message: String = "No.",
        since: Date? = nil,
        source: Problem.Source = .downloadClient
    ) -> Problem.Finding {
        Problem.Finding(
            source: source,
            subjectID: "id-" + name,
            name: name,
            code: code,
            state: state,
            summary: "\(name) does not work.",
            message: message,
            action: "Do something.",
            since: since
        )
    }

    @Test("tells what came, what changed and what went, and nothing when all is as it was")
    func changes() throws {
        var list = ProblemList()
        let first = list.update([finding()], at: now)
        let problem = try #require(list.all.first)
        #expect(first == [.added(problem)] && problem.since == now && !problem.isDismissed)
        #expect(list.update([finding()], at: now + 5) == [])
        let second = list.update([finding(message: "Still no.")], at: now + 10)
        let changed = try #require(list.all.first)
        #expect(second == [.updated(changed)] && changed.finding.message == "Still no." && changed.since == now)
        #expect(list.update([], at: now + 15) == [.removed(changed)] && list.all.isEmpty)
    }

    @Test("what went is told before what came, each in the order of the list")
    func order() {
        var list = ProblemList()
        _ = list.update([finding("z", source: .plugin), finding("b"), finding("a")], at: now)
        #expect(list.all.map(\.finding.name) == ["z", "a", "b"])
        let changes = list.update([finding("new", source: .plugin), finding("b", message: "x")], at: now)
        let words = changes.map { change in
            switch change {
            case .added(let problem): "+" + problem.finding.name
            case .updated(let problem): "=" + problem.finding.name
            case .removed(let problem): "-" + problem.finding.name
            }
        }
        #expect(words == ["-z", "-a", "+new", "=b"])
    }

    @Test("two findings of one subject are one problem, the first")
    func doubled() {
        var list = ProblemList()
        _ = list.update([finding(message: "First."), finding(message: "Second.")], at: now)
        #expect(list.all.map(\.finding.message) == ["First."])
    }

    @Test("ids are of the subject: another subject, source or file has another one, and nothing else changes it")
    func ids() {
        var file = finding()
        file.subjectDetail = "/plugins/other.so"
        let ids = [finding(), finding("two"), finding(source: .indexer), file].map(\.id)
        #expect(Set(ids).count == 4 && ids.allSatisfy { $0.count == 16 })
        #expect(finding(code: "timeout", state: "warning", message: "x", since: now).id == ids[0])
    }

    @Test("a dismissed problem stays dismissed while only its words change")
    func dismissed() throws {
        var list = ProblemList()
        _ = list.update([finding()], at: now)
        let id = finding().id
        #expect(list.setDismissed(id, now + 1)?.dismissed == now + 1)
        #expect(list.setDismissed(id, now + 9)?.dismissed == now + 1)
        #expect(list.openCount(of: .downloadClient) == 0)
        _ = list.update([finding(message: "Still no.")], at: now + 10)
        #expect(list[id]?.isDismissed == true)
        #expect(list.setDismissed(id, nil)?.isDismissed == false)
        #expect(list.openCount(of: .downloadClient) == 1 && list.openCount(of: .plugin) == 0)
        #expect(list.setDismissed("nothing", now) == nil)
    }

    @Test("a dismissed problem is open again with another code or state, or another beginning")
    func reopened() {
        for other in [
            finding(code: "timeout", since: now), finding(state: "warning", since: now), finding(since: now + 1),
        ] {
            var list = ProblemList()
            _ = list.update([finding(since: now)], at: now)
            _ = list.setDismissed(other.id, now)
            _ = list.update([other], at: now + 5)
            #expect(list[other.id]?.isDismissed == false)
        }
    }

    @Test("a dismissed problem that went and came again is open")
    func cameAgain() {
        var list = ProblemList()
        _ = list.update([finding()], at: now)
        _ = list.setDismissed(finding().id, now)
        _ = list.update([], at: now + 5)
        #expect(list.records.isEmpty)
        _ = list.update([finding()], at: now + 10)
        #expect(list.all.map(\.isDismissed) == [false] && list.all.first?.since == now + 10)
    }

    @Test("what was kept of the last run holds for the same problem, though it comes late")
    func restart() {
        var list = ProblemList()
        _ = list.update([finding(), finding("disk", source: .disk)], at: now)
        _ = list.setDismissed(finding().id, now + 1)
        var next = ProblemList(remembering: list.records)
        #expect(next.all.isEmpty && next.records == list.records)
        _ = next.update([finding("disk", source: .disk)], at: now + 90)
        #expect(next.records == list.records)
        _ = next.update([finding("disk", source: .disk), finding()], at: now + 100)
        #expect(next.all.map(\.since) == [now, now] && next[finding().id]?.dismissed == now + 1)
    }

    @Test("what was kept of the last run does not hold for another problem of the subject")
    func restartOther() {
        var list = ProblemList()
        _ = list.update([finding()], at: now)
        _ = list.setDismissed(finding().id, now)
        var next = ProblemList(remembering: list.records)
        _ = next.update([finding(code: "timeout")], at: now + 90)
        #expect(next.all.map(\.isDismissed) == [false])
    }

    @Test("what was kept and has not come back is forgotten when it is told to be")
    func forgotten() {
        var list = ProblemList()
        _ = list.update([finding()], at: now)
        _ = list.setDismissed(finding().id, now)
        var next = ProblemList(remembering: list.records)
        next.forgetUnseen()
        #expect(next.records.isEmpty)
        _ = next.update([finding()], at: now)
        #expect(next.all.map(\.isDismissed) == [false])
    }
}
