import FoundationEssentials
import PluginAPI

/// Adds NZB files and addresses.
struct JobAdder: Sendable {
    let api: API
    let settings: NZBGetSettings
    let sources: AddedSources

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        let source = try source(of: request, file)
        let options = try AddOptions(request.options ?? [:])
        let category = try category(of: request)
        if let id = try await existing(source) { return AddedDownload(id: id, existed: true) }
        // Written first: when the answer gets lost, the next try looks for the job by its name.
        try await sources.write(.init(identity: source.identity, name: source.name))
        let id: Int
        do {
            id = try await api.call(Int.self, "append", parameters(request, source, options, category))
        } catch let error as PluginError where !error.leavesDoubt {
            try await sources.forget(source.identity)
            throw error
        }
        guard id > 0 else {
            try await sources.forget(source.identity)
            throw PluginError(.invalid, "NZBGet refuses this NZB; its log may say why.", field: "file")
        }
        try await sources.write(.init(identity: source.identity, name: source.name, id: "\(id)"))
        return AddedDownload(id: "\(id)")
    }

    // MARK: The source

    private struct Source: Sendable {
        let identity: String
        let name: String
        /// The file in base64, or the address.
        let content: String
    }

    private func source(of request: AddDownload, _ file: Data?) throws -> Source {
        switch request.source.value {
        case .nzb:
            guard let file else { throw PluginError(.invalid, "The NZB file is missing.", field: "file") }
            // NZBGet takes anything and fails later.
            let nzb = try NZBFile(file)
            let name = Self.name(request.name ?? nzb.title ?? "kinodock-\(nzb.identity.prefix(8))")
            return Source(identity: nzb.identity, name: name, content: file.base64EncodedString())
        case .url:
            let begin = request.link.prefix(8).lowercased()
            guard begin.hasPrefix("http://") || begin.hasPrefix("https://"),
                !request.link.contains(where: \.isWhitespace)
            else {
                throw PluginError(.invalid, "The address of an NZB begins with http:// or https://.", field: "link")
            }
            return Source(
                identity: AddedSources.identity(of: request.link),
                name: Self.name(request.name ?? ""),
                content: request.link
            )
        default:
            throw PluginError(.unsupported, "NZBGet takes NZB files, not \(request.source.text).", field: "source")
        }
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
    private func existing(_ source: Source) async throws -> String? {
        guard let entry = try await sources.entry(source.identity) else { return nil }
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
    private func parameters(
        _ request: AddDownload,
        _ source: Source,
        _ options: AddOptions,
        _ category: String
    ) -> [JSONValue] {
        let wanted = request.priority.flatMap { JobPriority(rawValue: $0.text) } ?? settings.priority
        var more: [JSONValue] = []
        if let password = request.password, !password.isEmpty { more += ["*Unpack:Password", .string(password)] }
        if let unpacks = options.unpacks { more += ["*Unpack:", .string(unpacks ? "yes" : "no")] }
        return [
            .string(source.name.isEmpty ? "" : source.name + ".nzb"), .string(source.content), .string(category),
            .integer(Int64(wanted.number)), .bool(options.isFirst), .bool(request.paused ?? settings.addPaused),
            // Key, score and mode of NZBGet's check for duplicates.
            "", 0, settings.checkDuplicates ? "SCORE" : "FORCE", .array(more),
        ]
    }
}

extension PluginError {
    /// Whether the server may have done what it was asked for.
    fileprivate var leavesDoubt: Bool {
        code == .timeout || code == .deadlineExceeded || code == .cancelled || code == .unreachable
            || code == .badResponse
    }
}
