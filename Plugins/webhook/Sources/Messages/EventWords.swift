import PluginAPI

/// An event in words, for services that show messages to people.
struct EventWords: Sendable {
    /// How a message looks.
    enum Tone: Sendable {
        case news, success, warning, failure
    }

    let title: String
    /// May be empty.
    let message: String
    let tone: Tone
    /// What else is known, in the order of importance.
    let facts: [(name: String, value: String)]

    init(_ event: NotificationEvent) {
        title = event.title.isEmpty ? event.kind.text : event.title
        message = event.message
        tone = Self.tone(of: event)
        facts = Self.known.compactMap { name, key in
            Self.text(event.details[key], of: key).map { (name, $0) }
        }
    }

    /// Whether somebody should look at it soon.
    var isUrgent: Bool { tone == .warning || tone == .failure }

    /// Title, message and facts as lines.
    var lines: String {
        ([message] + facts.map { "\($0.name): \($0.value)" }).filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static let known = [
        ("Quality", "quality"), ("Size", "size"), ("Client", "client"), ("Indexer", "indexer"), ("Release", "release"),
        ("File", "path"), ("What to do", "action"),
    ]

    private static func tone(of event: NotificationEvent) -> Tone {
        switch event.kind.value {
        case .imported, .upgraded, .downloaded: .success
        case .downloadFailed, .importFailed: .failure
        case .manualActionNeeded: .warning
        case .healthChanged: event.details["state"]?.string == "solved" ? .success : .warning
        case .grabbed, .deleted, .test, nil: .news
        }
    }

    private static func text(_ value: JSONValue?, of key: String) -> String? {
        if key == "size", let bytes = value?.integer { return ByteCount.words(bytes) }
        return value?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
}
