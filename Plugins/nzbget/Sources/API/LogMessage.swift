import PluginAPI

/// A line of NZBGet's log.
struct LogMessage: Sendable, Decodable {
    var kind: String
    var text: String
    /// Seconds since 1970, by NZBGet's clock.
    var time: Int64

    private enum CodingKeys: String, CodingKey {
        case kind = "Kind"
        case text = "Text"
        case time = "Time"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        kind = fields.text(.kind) ?? ""
        text = fields.text(.text) ?? ""
        time = fields.value(.time) ?? 0
    }
}

extension API {
    /// What NZBGet has complained of about its news servers lately, in words for the user; only its log tells.
    func newsServerTrouble(now: Int64) async throws -> String? {
        let lines = try await call([LogMessage].self, "log", [0, 100])
        let recent = lines.filter { $0.time >= now - 300 && ($0.kind == "ERROR" || $0.kind == "WARNING") }
        guard let line = recent.last(where: { Self.isAboutServers($0.text) }) else { return nil }
        let advice =
            line.text.contains("Authorization")
            ? "It refuses NZBGet's login: correct user name and password in NZBGet under Settings > News-Servers."
            : "Check the news server in NZBGet under Settings > News-Servers."
        return "The news server sends nothing. \(advice) NZBGet says: \(line.text.prefix(200))"
    }

    private static func isAboutServers(_ text: String) -> Bool {
        let lowered = text.lowercased()
        return [
            "authorization", "could not connect", "could not resolve", "connection to", "connect to", "tls", "server",
        ]
        .contains { lowered.contains($0) }
    }
}
