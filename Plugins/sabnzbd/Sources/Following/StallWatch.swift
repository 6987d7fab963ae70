import PluginAPI

/// Notices that nothing arrives, and finds out why.
struct StallWatch: Sendable {
    /// Polls without a byte after which the news servers are looked at.
    private static let patience = 2

    private var job: String?
    private var remaining: Int64 = 0
    private var polls = 0

    /// Looks at the job that should be arriving.
    ///
    /// - Returns: the reason in words when nothing has arrived for some polls and the news servers are at fault.
    mutating func look(at page: QueuePage, _ api: API) async throws -> String? {
        let first = page.slots.first { $0.status == "Downloading" || $0.status == "Fetching" }
        guard let first, page.speed == 0, first.remaining > 0 else {
            job = nil
            return nil
        }
        if job == first.id, remaining == first.remaining { polls += 1 } else { polls = 0 }
        (job, remaining) = (first.id, first.remaining)
        guard polls >= Self.patience else { return nil }
        return try await api.newsServers().compactMap(\.trouble).first
    }
}

/// A news server as `mode=fullstatus` shows it.
struct NewsServer: Sendable, Decodable {
    var name: String
    /// Why it is not used, for example because it has refused the login.
    var error: String
    /// Why no connection can be opened; a number while connections are open or none are needed.
    var connectionError: String?

    private enum CodingKeys: String, CodingKey {
        case name = "servername"
        case error = "servererror"
        case connectionError = "serveractiveconn"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        name = fields.text(.name) ?? "?"
        error = fields.text(.error) ?? ""
        connectionError = fields.text(.connectionError)
    }

    /// What is wrong with it and what to do.
    var trouble: String? {
        let said = error.isEmpty ? connectionError ?? "" : error
        guard !said.isEmpty else { return nil }
        let lowered = said.lowercased()
        let advice =
            lowered.contains("login") || lowered.contains("auth") || lowered.contains("48")
            ? "It refuses SABnzbd's login: correct user name and password in SABnzbd under Config > Servers."
            : "Check the news server in SABnzbd under Config > Servers."
        return "The news server “\(name)” sends nothing. \(advice) SABnzbd says: \(said.prefix(200))"
    }
}

extension API {
    /// The news servers with their troubles.
    func newsServers() async throws -> [NewsServer] {
        struct Answer: Decodable {
            struct Status: Decodable { var servers: [NewsServer]? }
            var status: Status
        }
        return try await call(Answer.self, "fullstatus", ["skip_dashboard": "1"]).status.servers ?? []
    }
}
