import PluginAPI

/// Pauses, resumes, retries and orders jobs.
struct JobControl: Sendable {
    let api: API
    let renamed: RenamedJobs

    func pause(_ id: String) async throws {
        try await call("pause", try await queued(id, "paused"))
    }

    func resume(_ id: String) async throws {
        try await call("resume", try await queued(id, "resumed"))
    }

    func pauseAll() async throws { try await all("pause") }

    func resumeAll() async throws { try await all("resume") }

    /// Lets SABnzbd try a failed job again; it gets a new id there.
    ///
    /// A job that is under way needs no retry: it is resumed if it is paused.
    ///
    /// - Throws: `PluginError` with `.unsupported` when SABnzbd has nothing left to try with.
    func retry(_ id: String) async throws {
        let current = try await renamed.current(of: id)
        guard case .past(let slot) = try await api.existingJob(current) else {
            return try await call("resume", current)
        }
        guard slot.isDone else { return }
        guard slot.phase == .failed, slot.canRetry, !FailureWords.isAboutArticles(slot.failure) else {
            throw PluginError(
                .unsupported,
                "SABnzbd has nothing of this download that would do better the next time; add it again."
            )
        }
        let answer = try await api.call(Acknowledgement.self, "retry", ["value": current])
        guard let new = answer.job ?? answer.jobs.first else {
            throw PluginError(.unsupported, "SABnzbd cannot try this download again by itself; add it again.")
        }
        try await renamed.rename(id, to: new)
    }

    func prioritize(_ request: Prioritization) async throws {
        guard request.ranges?.isEmpty != false, request.sequential != true else {
            throw PluginError(
                .unsupported,
                "What comes through usenet is in archives, of which no part can be used before all of it is there."
            )
        }
        let id = try await queued(request.id, "given another priority")
        if let wanted = request.priority {
            guard let priority = JobPriority(rawValue: wanted.text) else {
                throw PluginError(.invalid, "The priority is one of low, normal, high and force.", field: "priority")
            }
            try await api.set(priority, of: id)
        }
        try await prioritize(request.files ?? [:], in: id)
    }

    // MARK: Calls

    private func prioritize(_ levels: [Int: Prioritization.Level], in id: String) async throws {
        guard !levels.isEmpty else { return }
        guard !levels.values.contains(.skip) else {
            throw PluginError(.unsupported, "SABnzbd cannot leave out single files and take them back.", field: "files")
        }
        let files = try await api.files(of: id)
        for (index, level) in levels.sorted(by: { $0.key < $1.key }) where level == .high {
            guard files.indices.contains(index) else {
                throw PluginError(.notFound, "The download has no file \(index).", field: "files")
            }
            _ = try await api.call(
                Moved.self,
                "move_nzf_bulk",
                ["name": "top", "value": id, "nzf_ids": files[index].id]
            )
        }
    }

    private struct Moved: Decodable { var status: Bool }

    /// The current id of a job that is in the queue.
    ///
    /// SABnzbd acknowledges ids that it does not know, so each is looked up first.
    private func queued(_ id: String, _ action: String) async throws -> String {
        let current = try await renamed.current(of: id)
        guard case .past(let slot) = try await api.existingJob(current) else { return current }
        throw PluginError(
            .conflict,
            slot.isDone
                ? "The download is done with and cannot be \(action)."
                : "SABnzbd is post-processing the download, which cannot be \(action) then."
        )
    }

    private func call(_ verb: String, _ id: String) async throws {
        _ = try await api.call(Acknowledgement.self, "queue", ["name": verb, "value": id])
    }

    private func all(_ mode: String) async throws {
        let answer = try await api.call(Acknowledgement.self, mode)
        guard answer.isDone else { throw PluginError(.remoteFailure, "SABnzbd has not done what it was asked for.") }
    }
}
