import PluginAPI

/// Removes jobs from the queue, from post-processing and from the history.
struct JobRemover: Sendable {
    /// How often and how long to wait until a stopped post-processing has ended.
    private static let stopping = (tries: 20, pause: Duration.milliseconds(250))

    let api: API
    let renamed: RenamedJobs
    let files: FinishedFiles
    let sleep: @Sendable (Duration) async throws -> Void

    /// Removes the job that the host calls `id`; one that is gone already is a success.
    ///
    /// - Throws: `PluginError` with `.remoteFailure` while a post-processing does not stop.
    func remove(_ id: String, deletingData: Bool) async throws {
        let current = try await renamed.current(of: id)
        switch try await api.job(current) {
        case nil: break
        case .queued: try await removeFromQueue(current, deletingData)
        case .past(let slot): try await remove(slot, deletingData)
        }
        try await renamed.forget(id)
    }

    private func removeFromQueue(_ id: String, _ deletingData: Bool) async throws {
        let answer = try await api.call(
            Acknowledgement.self,
            "queue",
            ["name": "delete", "value": id, "del_files": deletingData ? "1" : "0"]
        )
        // It has gone on to post-processing in between.
        if !answer.isDone, let slot = try await api.past(id) { try await remove(slot, deletingData) }
    }

    private func remove(_ slot: HistorySlot, _ deletingData: Bool) async throws {
        let slot = try await stopped(slot)
        // Asked for before the entry is gone, which alone knows where the files are.
        if deletingData { try await files.delete(slot) }
        // Since 4.3 an entry goes to an archive unless it is said otherwise.
        _ = try await api.call(
            Acknowledgement.self,
            "history",
            ["name": "delete", "value": slot.id, "del_files": deletingData ? "1" : "0", "archive": "0"]
        )
    }

    /// Stops a post-processing and waits for its end; SABnzbd does not remove a job that it works on.
    private func stopped(_ slot: HistorySlot) async throws -> HistorySlot {
        guard slot.isLoaded, !slot.isDone else { return slot }
        do {
            _ = try await api.call(Acknowledgement.self, "cancel_pp", ["value": slot.id])
        } catch let error as PluginError where error.code == .remoteFailure {
            // It has ended in between.
        }
        for _ in 0..<Self.stopping.tries {
            guard let now = try await api.past(slot.id) else { return slot }
            if now.isDone { return now }
            try await sleep(Self.stopping.pause)
        }
        throw PluginError(
            .remoteFailure,
            "SABnzbd is still post-processing this download and has not stopped when asked. It is tried again later."
        )
    }
}
