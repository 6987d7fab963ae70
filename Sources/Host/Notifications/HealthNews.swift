import FoundationEssentials
import PluginAPI

/// Tells which problems are worth an event: those that last, once when they begin and once when they are over.
///
/// A backend that fails once and is tried again at once is a warning in the list of problems, and no news.
struct HealthNews {
    /// The ids of the problems that were told of and are not over.
    private var told: Set<String>

    /// - Parameter records: the problems of the last run, which nobody is told of again.
    init(remembering records: [ProblemList.Record]) {
        told = Set(records.filter { !Self.isPassing($0.state) }.map(\.id))
    }

    /// The events for changes of the list.
    mutating func events(for changes: [ProblemList.Change], at now: Date) -> [NotificationEvent] {
        changes.compactMap { change in
            switch change {
            case .added(let problem), .updated(let problem):
                guard problem.finding.level == .error, !Self.isPassing(problem.finding.state),
                    told.insert(problem.id).inserted
                else { return nil }
                return problem.isDismissed ? nil : .healthChanged(problem, isOver: false, at: now)
            case .removed(let problem):
                guard told.remove(problem.id) != nil, problem.finding.level == .error, !problem.isDismissed else {
                    return nil
                }
                return .healthChanged(problem, isOver: true, at: now)
            }
        }
    }

    /// Forgets the problems of the last run that have not come back: should they come later, they are news.
    mutating func forget(allBut ids: [String]) {
        told.formIntersection(ids)
    }

    /// `warning` is the state of an instance that has failed and is asked again at once.
    private static func isPassing(_ state: String) -> Bool { state == "warning" }
}
