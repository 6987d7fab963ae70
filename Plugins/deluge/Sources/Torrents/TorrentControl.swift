import PluginAPI

/// Stops, starts, retries and orders torrents.
struct TorrentControl: Sendable {
    private static let moving = (tries: 40, pause: Duration.milliseconds(250))

    let web: Web
    let sleep: @Sendable (Duration) async throws -> Void

    // Deluge answers an id that it does not know with a traceback, so each torrent is looked up first.

    func stop(_ id: TorrentID) async throws {
        _ = try await web.torrent(id)
        try await web.call("core.pause_torrent", [id.value])
    }

    func start(_ id: TorrentID) async throws {
        _ = try await web.torrent(id)
        try await web.call("core.resume_torrent", [id.value])
    }

    /// Checks the files of a failed torrent again and starts it; asks the trackers of any other for more sources.
    func retry(_ id: TorrentID) async throws {
        let torrent = try await web.torrent(id)
        if torrent.state == .error { try await web.call("core.force_recheck", [id.list]) }
        try await web.call("core.resume_torrent", [id.value])
        if torrent.state != .error, !torrent.isComplete { try await web.call("core.force_reannounce", [id.list]) }
    }

    /// Removes a torrent; one that is gone is a success.
    ///
    /// - Throws: `PluginError` with `.conflict` when its files are moved for long: 2.0.3 would lose half of its records of a
    ///   torrent that is removed while they are.
    func remove(_ id: TorrentID, deletingData: Bool) async throws {
        for _ in 0..<Self.moving.tries {
            guard let torrent = try await web.find(id) else { return }
            guard torrent.isBeingMoved else { return try await drop(id, deletingData: deletingData) }
            try await sleep(Self.moving.pause)
        }
        throw PluginError(.conflict, "Deluge is moving the files of this torrent. Remove it later.", retryAfter: 10)
    }

    private func drop(_ id: TorrentID, deletingData: Bool) async throws {
        do {
            try await web.call("core.remove_torrent", [id.value, .bool(deletingData)])
        } catch let error as PluginError
            where error.message.contains("not in session") || error.message.contains("not in queued torrents")
        {
            return
        }
    }

    func prioritize(_ request: Prioritization) async throws {
        let id = try TorrentID(request.id)
        var levels = request.files ?? [:]
        let hasRanges = request.ranges?.isEmpty == false
        if hasRanges, let file = request.fileIndex, levels[file] == nil { levels[file] = .high }
        var options: [String: JSONValue] = [:]
        options["file_priorities"] = try await priorities(of: id, changing: levels)
        // It cannot fetch a range at once; in order, and both ends first, is the nearest.
        if let isSequential = hasRanges ? true : request.sequential {
            options["sequential_download"] = .bool(isSequential)
        }
        if hasRanges { options["prioritize_first_last_pieces"] = true }
        if !options.isEmpty { try await web.call("core.set_torrent_options", [id.list, .object(options)]) }
        try await move(id, to: request.priority?.value)
    }

    func move(_ id: TorrentID, to priority: DownloadPriority?) async throws {
        switch priority {
        case nil, .normal: return
        case .low: try await web.call("core.queue_bottom", [id.list])
        case .high: try await web.call("core.queue_top", [id.list])
        case .force:
            try await web.call("core.queue_top", [id.list])
            // Out of the hands of the queue, so that its limits do not hold it back.
            try await web.call("core.set_torrent_options", [id.list, ["auto_managed": false]])
            try await web.call("core.resume_torrent", [id.value])
        }
    }

    /// The priorities of all files, which Deluge takes as one list; `nil` when none is to change.
    ///
    /// - Throws: `PluginError` with `.notFound`, or `.conflict` while the files are not known.
    private func priorities(of id: TorrentID, changing levels: [Int: Prioritization.Level]) async throws -> JSONValue? {
        struct Priorities: Decodable {
            var list: [Int]?

            enum CodingKeys: String, CodingKey { case list = "file_priorities" }
        }
        let found = try await web.status(id, ["file_priorities"], as: Listed<Priorities>.self).value
        guard let found else { throw Web.missing(id) }
        guard !levels.isEmpty else { return nil }
        var list = found.list ?? []
        guard levels.keys.allSatisfy(list.indices.contains) else {
            throw PluginError(
                .conflict,
                "The files of this torrent are not known yet, or it has no such file. Try again later.",
                field: "files",
                retryAfter: 5
            )
        }
        for (index, level) in levels { list[index] = level.priority }
        return .array(list.map { .integer(Int64($0)) })
    }
}

extension Prioritization.Level {
    /// libtorrent's number.
    fileprivate var priority: Int {
        switch self {
        case .skip: 0
        case .normal: 4
        case .high: 7
        }
    }
}
