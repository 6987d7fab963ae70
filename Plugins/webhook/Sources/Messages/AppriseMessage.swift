import PluginAPI

/// A notification as Apprise API takes it; see https://github.com/caronc/apprise-api#api-details.
struct AppriseMessage: Encodable, Hashable, Sendable {
    var title: String
    var body: String
    /// "info", "success", "warning" or "failure".
    var type: String
    var format = "text"
    /// Which of the kept addresses are notified.
    var tag: String?
    /// Where to send, for a request without a key.
    var urls: String?

    private static let longestBody = 10_000

    init(_ event: NotificationEvent, tag: String?, urls: String?) {
        let words = EventWords(event)
        title = words.title.shortened(to: 250)
        body = (words.lines.isEmpty ? words.title : words.lines).shortened(to: Self.longestBody)
        type = Self.type(words.tone)
        self.tag = tag.flatMap { $0.isEmpty ? nil : $0 }
        self.urls = urls.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func type(_ tone: EventWords.Tone) -> String {
        switch tone {
        case .news: "info"
        case .success: "success"
        case .warning: "warning"
        case .failure: "failure"
        }
    }
}
