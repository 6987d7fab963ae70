import FoundationEssentials
import PluginAPI

/// An event on its way to one notifier, or what has become of it.
struct Notification: Sendable, Identifiable {
    /// The states, with their names in the API.
    enum State: String, Sendable, CaseIterable {
        /// Not sent yet; its notifier is tried again, or is switched off.
        case waiting
        case delivered
        /// Given up.
        case failed
    }

    /// How long an event is tried before it is given up, in seconds: what is older is no news.
    static let lifetime: TimeInterval = 86_400

    /// The order in which a notifier is sent its events.
    let number: Int
    let notifierID: String
    let event: NotificationEvent
    let state: State
    let attempts: Int
    /// Of the last attempt that failed, as `PluginError` has it, or `outbox_full`.
    let code: String?
    /// Why the last attempt failed.
    let reason: String?
    /// When it is given up.
    let expires: Date
    let created: Date
    let ended: Date?

    var id: String { String(number) }
}
