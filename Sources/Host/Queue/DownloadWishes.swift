import PluginAPI

/// What somebody wants of a download beside its content, in the words of the client that gets it.
struct DownloadWishes: Hashable, Sendable, Codable {
    var priority: DownloadPriority?
    /// Each client's page lists its keys; one that it does not know it refuses.
    var options: [String: JSONValue]?

    private enum CodingKeys: String, CodingKey { case priority, options }

    /// A download like any other.
    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        priority = try values.decodeIfPresent(String.self, forKey: .priority).flatMap(DownloadPriority.init)
        options = try values.decodeIfPresent([String: JSONValue].self, forKey: .options)
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(priority?.rawValue, forKey: .priority)
        try values.encodeIfPresent(options, forKey: .options)
    }

    var isEmpty: Bool { priority == nil && options == nil }
}
