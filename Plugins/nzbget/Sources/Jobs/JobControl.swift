import PluginAPI

/// Pauses, resumes, retries and orders jobs.
struct JobControl: Sendable {
    let api: API

    func pause(_ id: JobID) async throws { try await edit("GroupPause", queued: id, "paused") }

    func resume(_ id: JobID) async throws { try await edit("GroupResume", queued: id, "resumed") }

    func pauseAll() async throws { try await all("pausedownload") }

    func resumeAll() async throws { try await all("resumedownload") }

    /// Lets NZBGet try a failed job again, under the same id.
    ///
    /// - Throws: `PluginError` with `.unsupported` when NZBGet has nothing left to try with.
    func retry(_ id: JobID) async throws {
        guard case .past(let entry) = try await api.existingJob(id) else {
            _ = try await api.edit("GroupResume", "", [id.number])
            return
        }
        guard entry.outcome == .failed else { return }
        // What has arrived whole is only unpacked again; anything else is downloaded again.
        let command = entry.needsPostProcessingOnly ? "HistoryProcess" : "HistoryRedownload"
        guard try await api.edit(command, "", [id.number]) else {
            throw PluginError(.unsupported, "NZBGet has kept nothing of this download to try again with; add it again.")
        }
    }

    func prioritize(_ request: Prioritization) async throws {
        guard request.ranges?.isEmpty != false, request.sequential != true else {
            throw PluginError(
                .unsupported,
                "What comes through usenet is in archives, of which no part can be used before all of it is there."
            )
        }
        let id = try JobID(request.id)
        if let wanted = request.priority {
            guard let priority = JobPriority(rawValue: wanted.text) else {
                throw PluginError(.invalid, "The priority is one of low, normal, high and force.", field: "priority")
            }
            try await edit("GroupSetPriority", "\(priority.number)", queued: id, "given another priority")
        }
        for (command, level) in [
            ("FilePause", Prioritization.Level.skip), ("FileResume", .normal), ("FileMoveTop", .high),
        ] {
            let files = (request.files ?? [:]).filter { $0.value == level }.keys.sorted()
            guard !files.isEmpty else { continue }
            guard try await api.edit(command, "", files) else {
                throw PluginError(
                    .notFound,
                    "The download has no such file, or it is complete already.",
                    field: "files"
                )
            }
        }
    }

    // MARK: Calls

    private func edit(_ command: String, _ text: String = "", queued id: JobID, _ action: String) async throws {
        switch try await api.existingJob(id) {
        case .queued(let group) where !group.phase.isPostProcessing:
            guard try await api.edit(command, text, [id.number]) else { throw API.missing }
        case .queued:
            throw PluginError(.conflict, "NZBGet is post-processing the download, which cannot be \(action) then.")
        case .past: throw PluginError(.conflict, "The download is done with and cannot be \(action).")
        }
    }

    private func all(_ method: String) async throws {
        guard try await api.call(Bool.self, method) else {
            throw PluginError(.remoteFailure, "NZBGet has not done what it was asked for.")
        }
    }
}
