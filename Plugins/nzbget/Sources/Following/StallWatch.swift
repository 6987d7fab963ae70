import PluginAPI

/// Notices that nothing arrives, and finds out why: a news server that refuses the login leaves a job "downloading".
struct StallWatch: Sendable {
    /// Polls without a byte after which the log is looked at.
    private static let patience = 2

    private var job: Int?
    private var remaining: Int64 = 0
    private var polls = 0

    /// Looks at the job that should be arriving.
    ///
    /// - Returns: the reason in words when nothing has arrived for some polls.
    mutating func look(at groups: [Group], _ status: ServerStatus, _ api: API) async throws -> String? {
        guard let first = groups.first(where: { $0.phase == .downloading }), !status.isPaused, status.speed == 0,
            first.remaining > 0
        else {
            job = nil
            return nil
        }
        if job == first.id, remaining == first.remaining { polls += 1 } else { polls = 0 }
        (job, remaining) = (first.id, first.remaining)
        guard polls >= Self.patience else { return nil }
        if status.hasReachedQuota {
            return "The quota that is set in NZBGet is used up; it goes on when the next begins."
        }
        return try await api.newsServerTrouble(now: status.time)
    }
}
