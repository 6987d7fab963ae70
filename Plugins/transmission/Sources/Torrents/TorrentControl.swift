import PluginAPI

/// Stops, starts, retries and orders torrents.
struct TorrentControl: Sendable {
    let rpc: RPC
    let pauses: PauseMemory

    // Transmission takes an id that it does not know without a word, so each torrent is looked up first.

    func stop(_ id: TorrentID) async throws {
        try await order("torrent-stop", id, doing: "pause the torrent")
    }

    func start(_ id: TorrentID) async throws {
        try await order("torrent-start", id, doing: "start the torrent")
    }

    /// Stops what runs, and remembers it: Transmission has no pause of its own for everything.
    func stopAll() async throws {
        let running = try await rpc.torrents().filter { $0.activity != .stopped }.map(\.hash)
        // An empty list would mean all of them.
        guard !running.isEmpty else { return }
        try await pauses.remember(running)
        try await rpc.call("torrent-stop", ["ids": Self.list(running)], doing: "pause the torrents")
    }

    func startAll() async throws {
        let stopped = try await pauses.remembered()
        guard !stopped.isEmpty else { return }
        try await rpc.call("torrent-start", ["ids": Self.list(stopped)], doing: "start the torrents")
        try await pauses.forget()
    }

    private static func list(_ hashes: [String]) -> JSONValue {
        .array(hashes.map(JSONValue.string))
    }

    /// Checks the files of a failed torrent again and starts it; asks the trackers of any other for more sources.
    func retry(_ id: TorrentID) async throws {
        let torrent = try await rpc.torrent(id, Torrent.fields, as: Torrent.self)
        if torrent.fault == .local {
            try await rpc.call("torrent-verify", ["ids": id.ids], doing: "check the files")
        }
        try await rpc.call("torrent-start", ["ids": id.ids], doing: "start the torrent")
        if torrent.fault != .local, !torrent.isComplete {
            try await rpc.call("torrent-reannounce", ["ids": id.ids], doing: "ask the trackers")
        }
    }

    /// - Throws: `PluginError` with `.unsupported` when the order is all that was asked for and the version has none.
    func prioritize(_ request: Prioritization) async throws {
        let id = try TorrentID(request.id)
        let count = try await fileCount(of: id)
        var levels = request.files ?? [:]
        let hasRanges = request.ranges?.isEmpty == false
        if hasRanges, let file = request.fileIndex, levels[file] == nil { levels[file] = .high }
        guard levels.keys.allSatisfy({ (0..<count).contains($0) }) else {
            throw PluginError(
                .conflict,
                "The files of this torrent are not known yet, or it has no such file. Try again later.",
                field: "files",
                retryAfter: 5
            )
        }
        var arguments = Self.arguments(for: levels)
        let isSequential = hasRanges ? true : request.sequential
        let knowsOrder = isSequential == nil ? false : try await rpc.session().hasSequentialDownload
        if let isSequential, knowsOrder { arguments["sequential_download"] = .bool(isSequential) }
        if let priority = request.priority?.value {
            arguments["bandwidthPriority"] = priority.bandwidth
            try await move(id, to: priority)
        }
        if isSequential == true, !knowsOrder, !hasRanges, levels.isEmpty, request.priority == nil {
            throw PluginError(.unsupported, "Transmission downloads in order from version 4.1 on.", field: "sequential")
        }
        guard !arguments.isEmpty else { return }
        arguments["ids"] = id.ids
        try await rpc.call("torrent-set", arguments, doing: "set the priority of files")
    }

    private func move(_ id: TorrentID, to priority: DownloadPriority) async throws {
        if let move = priority.queueMove {
            try await rpc.call(move, ["ids": id.ids], doing: "move the torrent within the queue")
        }
        if priority == .force { try await rpc.call("torrent-start-now", ["ids": id.ids], doing: "start the torrent") }
    }

    /// The lists that `torrent-set` takes.
    ///
    /// An empty one would mean all files, so it is left out.
    static func arguments(for levels: [Int: Prioritization.Level]) -> [String: JSONValue] {
        func files(_ fits: (Prioritization.Level) -> Bool) -> JSONValue? {
            let files = levels.filter { fits($0.value) }.keys.sorted().map { JSONValue.integer(Int64($0)) }
            return files.isEmpty ? nil : .array(files)
        }
        var arguments: [String: JSONValue] = [:]
        arguments["files-unwanted"] = files { $0 == .skip }
        arguments["files-wanted"] = files { $0 != .skip }
        arguments["priority-high"] = files { $0 == .high }
        arguments["priority-normal"] = files { $0 == .normal }
        return arguments
    }

    private func fileCount(of id: TorrentID) async throws -> Int {
        struct Files: Decodable {
            struct Entry: Decodable {}
            var priorities: [Int]?
        }
        return try await rpc.torrent(id, ["priorities"], as: Files.self).priorities?.count ?? 0
    }

    private func order(_ method: String, _ id: TorrentID, doing action: String) async throws {
        struct Present: Decodable {}
        _ = try await rpc.torrent(id, ["id"], as: Present.self)
        try await rpc.call(method, ["ids": id.ids], doing: action)
    }
}
