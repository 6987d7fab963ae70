import FoundationEssentials
import PluginAPI

/// Adds NZB files and addresses.
struct JobAdder: Sendable {
    let api: API
    let settings: NZBGetSettings
    let sources: AddedSources

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        let source = try NZBSource(request, file: file, client: "NZBGet")
        var name = PostName.of(source.name)
        if name.isEmpty, source.file != nil { name = "kinodock-\(source.identity.prefix(8))" }
        let options = try AddOptions(request.options ?? [:])
        let category = try category(of: request)
        let there = try await PluginError.beforeAdding {
            // One that hangs must not be left with a download that another client could have.
            _ = try await api.call(String.self, "version")
            return try await existing(source.identity)
        }
        if let there { return AddedDownload(id: there, existed: true) }
        let content = source.file?.base64EncodedString() ?? request.link
        let parameters = parameters(request, name: name, content: content, options, category)
        let id = try await sources.add(source.identity, name: name) {
            let id = try await api.call(Int.self, "append", parameters)
            return id > 0 ? "\(id)" : nil
        }
        guard let id else {
            throw PluginError(.invalid, "NZBGet refuses this NZB; its log may say why.", field: "file")
        }
        return AddedDownload(id: id)
    }

    private func category(of request: AddDownload) throws -> String {
        let category = request.category ?? settings.category
        guard Self.canBeFolder(category) else { throw PluginError(.invalid, Self.categoryRule, field: "category") }
        return category
    }

    static let categoryRule = "A category is a name without slashes that begins with no dot."

    /// Whether a category can be a folder, which NZBGet makes of one that it does not know.
    static func canBeFolder(_ category: String) -> Bool {
        !category.contains("/") && !category.contains("\\") && !category.hasPrefix(".") && category.utf8.count <= 200
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
        let password = options.password ?? request.password ?? ""
        if !password.isEmpty { more += ["*Unpack:Password", .string(password)] }
        if let unpacks = options.unpacks { more += ["*Unpack:", .string(unpacks ? "yes" : "no")] }
        return [
            .string(name.isEmpty ? "" : name + ".nzb"), .string(content), .string(category),
            .integer(Int64(wanted.number)), .bool(options.isFirst), .bool(request.paused ?? settings.addPaused),
            // Key, score and mode of NZBGet's check for duplicates.
            "", 0, settings.checkDuplicates ? "SCORE" : "FORCE", .array(more),
        ]
    }
}
