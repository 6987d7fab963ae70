import PluginAPI

/// A message as ntfy takes it in JSON; see https://docs.ntfy.sh/publish/#publish-as-json.
struct NtfyMessage: Encodable, Hashable, Sendable {
    var topic: String
    var title: String
    var message: String
    var priority: Int
    /// Names of emojis and other words that the message is shown with.
    var tags: [String]

    /// What is longer than this many bytes becomes a file.
    private static let longestMessage = 4000
    private static let longestTitle = 250

    /// - Parameter priority: 1 to 5; an event that needs a person is one more urgent.
    init(_ event: NotificationEvent, topic: String, priority: Int) {
        let words = EventWords(event)
        self.topic = topic
        title = words.title.shortened(to: Self.longestTitle)
        // Without a text ntfy would write "triggered".
        message = (words.lines.isEmpty ? words.title : words.lines).shortened(toBytes: Self.longestMessage)
        self.priority = min(5, priority + (words.isUrgent ? 1 : 0))
        tags = [Self.emoji(words.tone), event.kind.text]
    }

    private static func emoji(_ tone: EventWords.Tone) -> String {
        switch tone {
        case .news: "bell"
        case .success: "clapper"
        case .warning: "warning"
        case .failure: "x"
        }
    }
}
