import FoundationEssentials
import PluginAPI

/// Adds NZB files and addresses.
struct JobAdder: Sendable {
    let api: API
    let settings: NZBGetSettings
    let sources: AddedSources

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        let source = try NZBSource(request, file: file, client: "NZBGet")
        let name = Self.name(source.name)
        let options = try AddOptions(request.options ?? [:])
        let category = try category(of: request)
        if let id = try await existing(source.identity) { return AddedDownload(id: id, existed: true) }
        let content = source.file?.base64EncodedString() ?? request.link
        let id = try await sources.add(source.identity, name: name) {
            let parameters = parameters(request, name: name, content: content, options, category)
            let id = try await api.call(Int.self, "append", parameters)
            return id > 0 ? "\(id)" : nil
        }
        guard let id else {
            throw PluginError(.invalid, "NZBGet refuses this NZB; its log may say why.", field: "file")
        }
        return AddedDownload(id: id)
    }

    /// NZBGet makes names of folders out of it.
    private static func name(_ text: String) -> String {
        let plain = text.map { "/\\:*?\"<>|".contains($0) || $0.isNewline ? "_" : $0 }
        return String(String(plain).prefix(180))
    }

    private func category(of request: AddDownload) throws -> String {
        let category = request.category ?? settings.category
        // One that NZBGet does not know becomes a folder.
        guard !category.contains("/"), !category.contains("\\"), !category.hasPrefix("."), category.utf8.count <= 200
        else {
            throw PluginError(
                .invalid,
                "A category is a name without slashes that begins with no dot.",
                field: "category"
            )
        }
        return category
    }

    /// The id of the job that was made of the same source and is under way.
    ///
    /// One that is done with is no answer: its files may have been imported and deleted since.
    private func existing(_ identity: String) async throws -> String? {
        guard let entry = try await sources.entry(identity) else { return nil }
        if let id = entry.id {
            if case .queued = try await api.job(JobID(id)) { return id }
            return nil
        }
        // Nobody has heard what became of the last try.
        guard let id = try await lost(entry.name) else { return nil }
        try await sources.write(.init(identity: entry.identity, name: entry.name, id: id))
        return id
    }

    private func lost(_ name: String) async throws -> String? {
        guard !name.isEmpty else { return nil }
        if let group = try await api.groups().first(where: { $0.name == name }) { return "\(group.id)" }
        return try await api.history().first { $0.name == name && $0.outcome != .failed }.map { "\($0.id)" }
    }

    // MARK: The call

    /// The ten parameters of `append`, by position.
    ///
    /// The last one is a flat list of names and values.
    ///
    /// - Parameter content: the file in base64, or the address.
    private func parameters(
        _ request: AddDownload,
        name: String,
        content: String,
        _ options: AddOptions,
        _ category: String
    ) -> [JSONValue] {
        let wanted = request.priority.flatMap { JobPriority(rawValue: $0.text) } ?? settings.priority
        var more: [JSONValue] = []
        if let password = request.password, !password.isEmpty { more += ["*Unpack:Password", .string(password)] }
        if let unpacks = options.unpacks { more += ["*Unpack:", .string(unpacks ? "yes" : "no")] }
        return [
            .string(name.isEmpty ? "" : name + ".nzb"), .string(content), .string(category),
            .integer(Int64(wanted.number)), .bool(options.isFirst), .bool(request.paused ?? settings.addPaused),
            // Key, score and mode of NZBGet's check for duplicates.
            "", 0, settings.checkDuplicates ? "SCORE" : "FORCE", .array(more),
        ]
    }
}
