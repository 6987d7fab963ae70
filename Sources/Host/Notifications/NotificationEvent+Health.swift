import FoundationEssentials
import PluginAPI

/// What notifiers are told of the server's health.
extension NotificationEvent {
    /// Something stopped working, or `isOver`.
    static func healthChanged(_ problem: Problem, isOver: Bool, at now: Date) -> NotificationEvent {
        let finding = problem.finding
        return make(
            .healthChanged,
            isOver ? "No longer a problem: \(finding.summary)" : finding.summary,
            isOver ? "" : finding.message == finding.summary ? finding.action : "\(finding.message) \(finding.action)",
            at: now,
            [
                "state": isOver ? "solved" : .string(finding.state), "source": .string(finding.source.rawValue),
                "subject_id": .string(finding.subjectID), "name": .string(finding.name), "code": .string(finding.code),
                "reason": .string(finding.message), "action": isOver ? nil : .string(finding.action),
                "problem_id": .string(problem.id), "since": .string(problem.since.iso8601),
            ]
        )
    }

    /// The notifier that the event tells of; it has no use for hearing that it does not work.
    var subjectNotifier: String? {
        details["source"]?.string == Problem.Source.notifier.rawValue ? details["subject_id"]?.string : nil
    }
}
