import PluginAPI

/// A message as ntfy takes it in JSON; see https://docs.ntfy.sh/publish/#publish-as-json.
struct NtfyMessage: Encodable, Hashable, Sendable {
    /// Filled in by the server that sends it.
    var topic = ""
    var title: String
    var message: String
    var priority: Int
    /// Names of emojis and other words that the message is shown with.
    var tags: [String]

    /// - Parameter priority: 1 to 5; an event that needs a person is one more urgent.
    init(_ event: NotificationEvent, priority: Int) {
        title = event.title
        // Without a text ntfy would write "triggered".
        message = event.message.isEmpty ? event.title : event.message
        tags = [Self.emoji(for: event.kind), event.kind.text]
        self.priority = min(5, priority + (Self.isUrgent(event.kind) ? 1 : 0))
    }

    private static func isUrgent(_ kind: Open<NotificationEvent.Kind>) -> Bool {
        switch kind.value {
        case .downloadFailed, .importFailed, .manualActionNeeded, .healthChanged: true
        default: false
        }
    }

    private static func emoji(for kind: Open<NotificationEvent.Kind>) -> String {
        switch kind.value {
        case .grabbed: "inbox_tray"
        case .downloaded, .imported, .upgraded: "clapper"
        case .downloadFailed, .importFailed: "x"
        case .manualActionNeeded, .healthChanged: "warning"
        case .deleted: "wastebasket"
        // A kind of event that is younger than this plugin.
        case .test, nil: "bell"
        }
    }
}
