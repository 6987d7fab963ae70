import FoundationEssentials

/// The problems there are, what has become of them from one look to the next, and which were dismissed.
///
/// A value without clock and store: the watch owns it.
struct ProblemList: Sendable {
    /// What is kept of a problem over a restart.
    struct Record: Sendable, Equatable {
        let id: String
        let code: String
        let state: String
        let since: Date
        /// When somebody dismissed it, for as long as code and state stay what they are.
        var dismissed: Date?
    }

    enum Change: Sendable, Equatable {
        case added(Problem)
        case updated(Problem)
        /// As it was at last.
        case removed(Problem)
    }

    private var problems: [String: Problem] = [:]
    /// Those of the last run that have not been seen in this one.
    private var unseen: [String: Record]

    /// - Parameter records: what was kept of the last run.
    init(remembering records: [Record] = []) {
        unseen = Dictionary(records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// By source, name and id; dismissed ones too.
    var all: [Problem] {
        problems.values.sorted { Self.order($0) < Self.order($1) }
    }

    /// What has to be kept, by id.
    var records: [Record] {
        let seen = problems.values.map(Self.record)
        return (seen + unseen.values).sorted { $0.id < $1.id }
    }

    subscript(id: String) -> Problem? { problems[id] }

    /// The number of problems that nobody has dismissed.
    func openCount(of source: Problem.Source) -> Int {
        problems.values.count { $0.finding.source == source && !$0.isDismissed }
    }

    /// Takes over what a look has found.
    ///
    /// A problem stays dismissed only as long as it is the same: with another code or state, or after it was gone, it is
    /// open again.
    ///
    /// - Returns: what is otherwise than before, in the order of the list.
    mutating func update(_ findings: [Problem.Finding], at now: Date) -> [Change] {
        let old = problems
        problems = [:]
        for finding in findings where problems[finding.id] == nil {
            let id = finding.id
            let known = old[id].map(Self.record) ?? unseen[id]
            unseen[id] = nil
            problems[id] = Self.problem(id, finding, known, now)
        }
        let gone = old.values.filter { problems[$0.id] == nil }.sorted { Self.order($0) < Self.order($1) }
        return gone.map(Change.removed)
            + all.compactMap { problem in
                guard let before = old[problem.id] else { return .added(problem) }
                return before == problem ? nil : .updated(problem)
            }
    }

    /// Dismisses a problem or shows it again.
    ///
    /// - Returns: the problem as it is now; `nil` when there is none.
    mutating func setDismissed(_ id: String, _ time: Date?) -> Problem? {
        guard let problem = problems[id] else { return nil }
        // The first time stays.
        if problem.isDismissed != (time != nil) { problems[id]?.dismissed = time }
        return problems[id]
    }

    /// Forgets the problems of the last run that have not come back in this one.
    mutating func forgetUnseen() {
        unseen = [:]
    }

    private static func problem(
        _ id: String,
        _ finding: Problem.Finding,
        _ known: Record?,
        _ now: Date
    ) -> Problem {
        let since = finding.since ?? known?.since ?? now
        let isSame =
            known?.code == finding.code && known?.state == finding.state
            // Stored times have no parts of a millisecond.
            && known?.since.milliseconds == since.milliseconds
        return Problem(id: id, finding: finding, since: since, dismissed: isSame ? known?.dismissed : nil)
    }

    private static func record(_ problem: Problem) -> Record {
        Record(
            id: problem.id,
            code: problem.finding.code,
            state: problem.finding.state,
            since: problem.since,
            dismissed: problem.dismissed
        )
    }

    private static func order(_ problem: Problem) -> (Int, String, String) {
        let place = Problem.Source.allCases.firstIndex(of: problem.finding.source) ?? 0
        return (place, problem.finding.name, problem.id)
    }
}
