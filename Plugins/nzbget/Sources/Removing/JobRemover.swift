import PluginAPI

/// Removes jobs from the queue, from post-processing and from the history.
struct JobRemover: Sendable {
    /// How often and how long to wait until a job has left the queue.
    private static let leaving = (tries: 20, pause: Duration.milliseconds(250))

    let api: API
    /// Whether finished files may be deleted.
    let deletesFinished: Bool
    let host: any HostServices
    let sleep: @Sendable (Duration) async throws -> Void

    /// Removes a job; one that is gone already is a success.
    ///
    /// - Throws: `PluginError` with `.remoteFailure` while a post-processing does not stop.
    func remove(_ id: JobID, deletingData: Bool) async throws {
        switch try await api.job(id) {
        case nil: return
        case .queued(let group): try await remove(group, id, deletingData)
        case .past(let entry): try await remove(entry, deletingData)
        }
    }

    private func remove(_ group: Group, _ id: JobID, _ deletingData: Bool) async throws {
        // Everything but the last command leaves an entry in the history behind.
        let command =
            group.phase.isPostProcessing ? "PostDelete" : deletingData ? "GroupFinalDelete" : "GroupParkDelete"
        _ = try await api.edit(command, "", [id.number])
        for _ in 0..<Self.leaving.tries {
            switch try await api.job(id) {
            case nil: return
            case .past(let entry): return try await remove(entry, deletingData)
            case .queued: try await sleep(Self.leaving.pause)
            }
        }
        throw PluginError(
            .remoteFailure,
            "NZBGet is still working on this download and has not stopped when asked. It is tried again later."
        )
    }

    private func remove(_ entry: HistoryEntry, _ deletingData: Bool) async throws {
        // Asked for before the entry is gone, which alone knows where the files are.
        let folders = deletingData && deletesFinished ? try await api.configuration().folders : []
        _ = try await api.edit("HistoryFinalDelete", "", [entry.id])
        guard deletingData, deletesFinished, !entry.location.isEmpty else { return }
        FinishedFolders(folders).deleteIfPossible(
            entry.location,
            isExpected: entry.outcome == .completed,
            client: "NZBGet",
            host: host
        )
    }
}
