import PluginAPI

/// A message of a Discord webhook: one embed; see https://discord.com/developers/docs/resources/webhook#execute-webhook.
struct DiscordMessage: Encodable, Hashable, Sendable {
    struct Embed: Encodable, Hashable, Sendable {
        var title: String
        var description: String?
        var color: Int
        var timestamp: String
        var fields: [Field]
    }

    struct Field: Encodable, Hashable, Sendable {
        var name: String
        var value: String
        var inline: Bool
    }

    /// Whom a message may wake; nobody, for titles come from outside and may say "@everyone".
    struct Mentions: Encodable, Hashable, Sendable {
        var parse: [String] = []
    }

    var username: String?
    var embeds: [Embed]
    var mentions = Mentions()

    private enum CodingKeys: String, CodingKey {
        case username, embeds
        case mentions = "allowed_mentions"
    }

    // In characters; all texts of the embeds together may have 6000.
    private static let longestTitle = 256
    private static let longestDescription = 2048
    private static let longestValue = 400
    private static let longestSender = 80

    init(_ event: NotificationEvent, sender: String) {
        let words = EventWords(event)
        username = sender.isEmpty ? nil : sender.shortened(to: Self.longestSender)
        embeds = [
            Embed(
                title: words.title.shortened(to: Self.longestTitle),
                description: words.message.isEmpty ? nil : words.message.shortened(to: Self.longestDescription),
                color: Self.color(words.tone),
                timestamp: event.time,
                fields: words.facts.map { fact in
                    Field(
                        name: fact.name,
                        value: fact.value.shortened(to: Self.longestValue),
                        inline: fact.value.count < 30
                    )
                }
            )
        ]
    }

    /// Refuses names with which Discord refuses every message (developer documentation, "Usernames and Nicknames").
    ///
    /// - Throws: `PluginError` with `.invalid` for the field `sender`.
    static func check(sender: String) throws(PluginError) {
        let name = sender.lowercased()
        guard !["everyone", "here"].contains(name), !name.contains("discord"), !name.contains("clyde") else {
            let words = "Discord takes no sender that is called everyone or here, or whose name holds discord or clyde."
            throw PluginError(.invalid, words, field: "sender")
        }
    }

    private static func color(_ tone: EventWords.Tone) -> Int {
        switch tone {
        case .news: 0x34_98DB
        case .success: 0x2E_CC71
        case .warning: 0xF3_9C12
        case .failure: 0xE7_4C3C
        }
    }
}
