import PluginAPI

/// A message of an application of Gotify; see https://gotify.net/api-docs#/message/createMessage.
struct GotifyMessage: Encodable, Hashable, Sendable {
    var title: String
    var message: String
    var priority: Int

    private static let longestMessage = 10_000

    /// - Parameter priority: 0 to 10; an event that needs a person is one more urgent.
    init(_ event: NotificationEvent, priority: Int) {
        let words = EventWords(event)
        title = words.title.shortened(to: 250)
        // A message without text is refused.
        message = (words.lines.isEmpty ? words.title : words.lines).shortened(to: Self.longestMessage)
        self.priority = min(10, priority + (words.isUrgent ? 1 : 0))
    }
}
