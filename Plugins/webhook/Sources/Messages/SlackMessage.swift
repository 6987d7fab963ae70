import PluginAPI

/// A message of an incoming webhook of Slack; see https://api.slack.com/reference/block-kit/blocks.
struct SlackMessage: Encodable, Hashable, Sendable {
    struct Block: Encodable, Hashable, Sendable {
        var type: String
        var text: Text
    }

    struct Text: Encodable, Hashable, Sendable {
        var type: String
        var text: String
    }

    /// What notifications show, and programs that know no blocks.
    var text: String
    var username: String?
    var blocks: [Block]

    // In characters.
    private static let longestHeader = 150
    private static let longestSection = 3000

    init(_ event: NotificationEvent, sender: String) {
        let words = EventWords(event)
        text = Self.escaped(words.title)
        username = sender.isEmpty ? nil : sender
        // A header is plain text, in which nothing is escaped.
        blocks = [
            .init(type: "header", text: .init(type: "plain_text", text: words.title.shortened(to: Self.longestHeader)))
        ]
        if !words.lines.isEmpty {
            let lines = Self.escaped(words.lines, upTo: Self.longestSection)
            blocks.append(.init(type: "section", text: .init(type: "mrkdwn", text: lines)))
        }
    }

    /// Slack takes these three for marks of its own, `<!channel>` for example.
    private static func escaped(_ text: String, upTo count: Int = .max) -> String {
        var result = ""
        var room = count
        for character in text {
            let next =
                switch character {
                case "&": "&amp;"
                case "<": "&lt;"
                case ">": "&gt;"
                default: String(character)
                }
            room -= next.utf16.count
            // Cut between characters, so that no escape is torn.
            if room < 1 { return result + "…" }
            result += next
        }
        return result
    }
}
