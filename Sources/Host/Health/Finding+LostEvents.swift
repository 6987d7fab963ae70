import FoundationEssentials
import PluginAPI

/// Events that a notifier was not told, and will not be told by itself.
struct LostEvents: Sendable, Equatable {
    let notifierID: String
    let count: Int
    /// Why the last one was given up.
    let reason: String
    /// When that was.
    let last: Date
}

/// What notifiers have missed.
extension Problem.Finding {
    init(_ lost: LostEvents, notifier name: String) {
        let events = lost.count == 1 ? "1 event was" : "\(lost.count) events were"
        self.init(
            source: .notifier,
            subjectID: lost.notifierID,
            subjectDetail: "lost events",
            name: name,
            level: .warning,
            code: "events_lost",
            state: "degraded",
            summary: "The notifier \(name) has missed events.",
            message: "\(events) given up. The last reason: \(lost.reason)",
            action:
                "Mend the notifier; then have the events in GET /api/notifications?status=failed sent again, or dismiss this.",
            remedy: .testInstance(.notifier, id: lost.notifierID),
            since: lost.last
        )
    }
}
