import PluginAPI

extension API {
    /// The job with that id, wherever it is; `nil` when SABnzbd does not have it.
    func job(_ id: String) async throws -> Job? {
        // A job that goes on, or back for more repair blocks, is in neither list for a moment.
        for _ in 0..<2 {
            let page = try await queue(only: id)
            if let slot = page.slots.first(where: { $0.id == id }) {
                let isFirst = slot.status == "Downloading" && slot.timeLeft > 0
                return .queued(slot, in: QueueMood(isPaused: page.isPaused, speed: isFirst ? page.speed : nil))
            }
            if let slot = try await past(id) { return .past(slot) }
        }
        return nil
    }

    /// As `job`, but it has to be there.
    ///
    /// - Throws: `PluginError` with `.notFound`.
    func existingJob(_ id: String) async throws -> Job {
        guard let job = try await job(id) else {
            throw PluginError(.notFound, "SABnzbd does not have this download any more.", field: "id")
        }
        return job
    }

    func queue(only id: String? = nil) async throws -> QueuePage {
        guard let id else { return try await call(QueuePage.self, "queue") }
        // A version that does not know the filter gives everything.
        return try await call(QueuePage.self, "queue", ["nzo_ids": id])
    }

    /// The latest entries of the history.
    ///
    /// - Parameter revision: of an earlier answer; when nothing has changed since, the page has no slots.
    func history(from start: Int = 0, limit: Int, since revision: Int? = nil) async throws -> HistoryPage {
        try await call(
            HistoryPage.self,
            "history",
            ["start": "\(start)", "limit": "\(limit)", "last_history_update": revision.map(String.init) ?? ""]
        )
    }

    /// The entry of that id in the history, or in the archive that SABnzbd has since 4.3.
    func past(_ id: String) async throws -> HistorySlot? {
        for archive in ["0", "1"] {
            let page = try await call(
                HistoryPage.self,
                "history",
                ["nzo_ids": id, "limit": "1000", "archive": archive]
            )
            // While an entry is written it is there twice, the finished one behind.
            if let slot = page.slots?.last(where: { $0.id == id }) { return slot }
        }
        return nil
    }
}
