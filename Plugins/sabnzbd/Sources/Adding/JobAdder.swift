import FoundationEssentials
import PluginAPI

/// Adds NZB files and addresses.
struct JobAdder: Sendable {
    let api: API
    let settings: SABnzbdSettings
    let categories: CategoryKeeper
    let sources: AddedSources
    let renamed: RenamedJobs
    /// A random text of letters and digits.
    let token: @Sendable () -> String

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        let source = try NZBSource(request, file: file, client: "SABnzbd")
        var name = PostName.of(source.name)
        if name.isEmpty, source.file != nil { name = "kinodock-\(source.identity.prefix(8))" }
        let options = try AddOptions(request.options ?? [:])
        let category = request.category ?? settings.category
        let there = try await PluginError.beforeAdding {
            // One that hangs must not be left with a download that another client could have.
            try await api.answers()
            if let id = try await existing(source.identity) { return id as String? }
            try await categories.ensure(category)
            return nil
        }
        if let there { return AddedDownload(id: there, existed: true) }
        let fields = fields(request, name, options, category)
        let id = try await sources.add(source.identity, name: name) {
            let answer =
                if let file = source.file {
                    try await api.upload(Acknowledgement.self, "addfile", fields, file: file, token: token())
                } else {
                    try await api.add(address: request.link, fields)
                }
            return answer.isDone ? answer.jobs.first : nil
        }
        guard let id else { throw try await refusal(of: name, field: source.file == nil ? "link" : "file") }
        if request.paused ?? settings.addPaused { await setPriority(of: id, request) }
        return AddedDownload(id: id)
    }

    /// The host's id of the job that was made of the same source and is under way.
    ///
    /// One that is done with is no answer: its files may have been imported and deleted since.
    private func existing(_ identity: String) async throws -> String? {
        guard let entry = try await sources.entry(identity) else { return nil }
        if let id = entry.id {
            switch try await api.job(try await renamed.current(of: id)) {
            case .queued: return id
            case .past(let slot): return slot.isDone ? nil : id
            case nil: return nil
            }
        }
        // Nobody has heard what became of the last try.
        let id = try await lost(entry.name)
        if let id { try await sources.write(.init(identity: entry.identity, name: entry.name, id: id)) }
        return id
    }

    private func lost(_ name: String) async throws -> String? {
        guard !name.isEmpty else { return nil }
        if let slot = try await api.queue().slots.first(where: { $0.name == name }) { return slot.id }
        let recent = try await api.history(limit: PastJobs.newest).slots ?? []
        return recent.first { $0.name == name && $0.phase != .failed }?.id
    }

    // MARK: The call

    private func fields(
        _ request: AddDownload,
        _ name: String,
        _ options: AddOptions,
        _ category: String
    ) -> [(key: String, value: String)] {
        var fields = [(key: "nzbname", value: name)]
        if !category.isEmpty { fields.append(("cat", category)) }
        fields.append(("priority", "\(priority(of: request))"))
        let password = options.password ?? request.password ?? ""
        if !password.isEmpty { fields.append(("password", password)) }
        if let steps = options.steps { fields.append(("pp", "\(steps)")) }
        if let script = options.script { fields.append(("script", script)) }
        return fields
    }

    private func priority(of request: AddDownload) -> Int {
        if request.paused ?? settings.addPaused { return JobPriority.paused }
        return wanted(request)?.number ?? JobPriority.ofCategory
    }

    private func wanted(_ request: AddDownload) -> JobPriority? {
        request.priority.flatMap { JobPriority(rawValue: $0.text) } ?? settings.priority
    }

    /// "Paused" is a priority when a job is added, so the real one follows, which starts the job.
    ///
    /// A failure is left alone: the download itself is there.
    private func setPriority(of id: String, _ request: AddDownload) async {
        guard let priority = wanted(request) else { return }
        try? await api.set(priority, of: id)
        _ = try? await api.call(Acknowledgement.self, "queue", ["name": "pause", "value": id])
    }

    /// Says why an NZB was refused: only the warnings tell.
    private func refusal(of name: String, field: String) async throws -> PluginError {
        let reason = try await api.warnings().last { !name.isEmpty && $0.contains(name) }
        let said = reason.map { " It says: \(FailureWords.withoutAddresses($0))" } ?? ""
        return PluginError(
            .invalid,
            """
            SABnzbd refuses this NZB: it cannot read it, or takes it for a duplicate and is set to discard those \
            (Config > Switches).\(said)
            """,
            field: field
        )
    }
}
