import PluginAPI

/// Stops, starts, retries and orders downloads.
struct DownloadControl: Sendable {
    let rpc: RPC
    let pauses: PauseMemory

    func pause(_ id: DownloadID) async throws {
        for entry in try await rpc.row(id).parts where entry.status == .active || entry.status == .waiting {
            // The ordinary pause waits until every tracker has been told.
            try await settling { try await rpc.call(.init("forcePause", .string(entry.gid))) }
        }
    }

    func resume(_ id: DownloadID) async throws {
        for entry in try await rpc.row(id).parts where entry.status == .paused {
            try await settling { try await rpc.call(.init("unpause", .string(entry.gid))) }
        }
    }

    /// Pauses what runs, and remembers it: what aria2 has for all would later start what was paused before, too.
    func pauseAll() async throws {
        let running = try await rpc.entries().rows.values.filter { row in
            row.entry.status == .active || row.entry.status == .waiting
        }
        guard !running.isEmpty else { return }
        try await pauses.remember(running.map(\.id))
        try await rpc.call(.init("forcePauseAll"))
    }

    func resumeAll() async throws {
        let remembered = try await pauses.remembered()
        let rows = try await rpc.entries().rows
        for id in remembered {
            for entry in rows[id]?.parts ?? [] where entry.status == .paused {
                try await rpc.call(.init("unpause", .string(entry.gid)))
            }
        }
        try await pauses.forget()
    }

    /// Adds a failed download again, which is aria2's only way; resumes a paused one.
    func retry(_ id: DownloadID) async throws {
        let row = try await rpc.row(id)
        let entry = row.entry
        guard entry.status == .error else { return try await resume(id) }
        guard row.parts.count == 1 else {
            throw PluginError(.unsupported, "aria2 has several downloads of this one; add it again.")
        }
        var options: [String: JSONValue] = ["dir": .string(entry.folder)]
        let addresses: [JSONValue]
        if let hash = entry.infoHash {
            let trackers = (entry.torrent?.announceList ?? []).flatMap(\.self).map { "&tr=" + $0.percentEncoded }
            addresses = [.string("magnet:?xt=urn:btih:\(hash)&dn=\(entry.name.percentEncoded)\(trackers.joined())")]
        } else {
            addresses = Set(entry.files.flatMap(\.addresses).map(\.uri)).sorted().map(JSONValue.string)
            // It keeps its id.
            options["gid"] = .string(id.text)
        }
        guard !addresses.isEmpty else {
            throw PluginError(.unsupported, "aria2 has forgotten the address of this download; add it again.")
        }
        for gid in row.gids { try? await rpc.call(.init("removeDownloadResult", .string(gid))) }
        try await rpc.call(.init("addUri", .array(addresses), .object(options)))
    }

    // MARK: Order

    func prioritize(_ request: Prioritization) async throws {
        let id = try DownloadID(request.id)
        let entry = try await rpc.row(id).entry
        let hasRanges = request.ranges?.isEmpty == false
        var options: [String: JSONValue] = [:]
        options["select-file"] = try selection(of: entry, changing: request.files ?? [:])
        if entry.infoHash != nil, hasRanges { options["bt-prioritize-piece"] = Self.ends }
        if entry.infoHash == nil, let isSequential = hasRanges ? true : request.sequential {
            options["stream-piece-selector"] = isSequential ? "inorder" : "default"
        }
        if options.isEmpty, request.sequential == true, request.priority == nil {
            throw PluginError(.unsupported, "aria2 cannot download a torrent in order.", field: "sequential")
        }
        try await change(entry, options)
        try await move(entry.gid, to: request.priority?.value)
    }

    func move(_ gid: String, to priority: DownloadPriority?) async throws {
        let place: (JSONValue, JSONValue)
        switch priority {
        case nil, .normal: return
        case .low: place = (0, "POS_END")
        case .high, .force: place = (0, "POS_SET")
        }
        do {
            try await rpc.call(.init("changePosition", .string(gid), place.0, place.1))
        } catch let error as PluginError where error.code == .notFound || error.code == .remoteFailure {
            // Only what waits has a place in the queue.
            return
        }
    }

    /// Players look at both ends of a film before they begin.
    static let ends: JSONValue = "head=4M,tail=4M"

    /// Each change of these options makes aria2 begin the download anew, so only real changes are sent.
    private func change(_ entry: Entry, _ options: [String: JSONValue]) async throws {
        guard !options.isEmpty else { return }
        let present = try await rpc.call(.init("getOption", .string(entry.gid)), as: [String: JSONValue].self)
        let changed = options.filter { present[$0.key] != $0.value }
        guard !changed.isEmpty else { return }
        try await settling { try await rpc.call(.init("changeOption", .string(entry.gid), .object(changed))) }
    }

    /// The files that are wanted, as aria2 takes them; `nil` when nothing is to change.
    private func selection(of entry: Entry, changing levels: [Int: Prioritization.Level]) throws -> JSONValue? {
        guard !levels.isEmpty else { return nil }
        let numbers = entry.isMetadata ? [] : entry.files.map(\.number)
        guard levels.keys.allSatisfy({ numbers.contains($0 + 1) }) else {
            throw PluginError(
                .conflict,
                "The files of this torrent are not known yet, or it has no such file. Try again later.",
                field: "files",
                retryAfter: 5
            )
        }
        let wanted = entry.files.filter { file in levels[file.number - 1].map { $0 != .skip } ?? file.isSelected }
        guard !wanted.isEmpty else {
            throw PluginError(.invalid, "aria2 has to download one file at least.", field: "files")
        }
        // High has no counterpart; a change of wanted files is all that aria2 knows.
        guard wanted.count != entry.files.filter(\.isSelected).count || wanted.contains(where: { !$0.isSelected })
        else {
            return nil
        }
        return .string(wanted.map { "\($0.number)" }.joined(separator: ","))
    }

    /// Repeats an order that comes in the moment in which one step ends and the next one begins.
    private func settling(_ order: () async throws -> Void) async throws {
        do {
            try await order()
        } catch let error as PluginError where error.code == .remoteFailure && error.message.contains("cannot be") {
            throw PluginError(.conflict, "\(error.message) Try again in a moment.", retryAfter: 1)
        }
    }
}
