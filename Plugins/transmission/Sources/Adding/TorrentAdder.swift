import FoundationEssentials
import PluginAPI

/// Adds torrents.
struct TorrentAdder: Sendable {
    private struct Added: Decodable {
        struct Entry: Decodable {
            var hashString: String
        }

        var added, duplicate: Entry?

        private enum CodingKeys: String, CodingKey {
            case added = "torrent-added"
            case duplicate = "torrent-duplicate"
        }
    }

    let rpc: RPC
    let settings: TransmissionSettings
    let host: any HostServices

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        // What makes no sense is said before anything is added.
        _ = try AddOptions(request.options ?? [:])
        let content: [String: JSONValue]
        do {
            switch try await TorrentSource(request, file: file, client: "Transmission", host: host) {
            case .magnet(let link): content = ["filename": .string(link.named(request.name))]
            case .file(let data, _): content = ["metainfo": .string(data.base64EncodedString())]
            }
        } catch let reason as PluginError where mayReachMore(request, reason) {
            return try await addUnseen(request, because: reason)
        }
        return try await add(request, content)
    }

    private func mayReachMore(_ request: AddDownload, _ reason: PluginError) -> Bool {
        request.source == .url && reason.code.value != .invalid && reason.code.value != .unsupported
    }

    /// Leaves the address to Transmission, which fetches it before it answers.
    private func addUnseen(_ request: AddDownload, because reason: PluginError) async throws -> AddedDownload {
        do {
            return try await add(request, ["filename": .string(request.link)])
        } catch let error as PluginError where error.code.value == .invalid || error.code.value == .remoteFailure {
            throw PluginError(
                .remoteFailure,
                "Neither Kinodock nor Transmission gets a torrent from this address. \(reason.message)",
                field: "link"
            )
        }
    }

    private func add(_ request: AddDownload, _ content: [String: JSONValue]) async throws -> AddedDownload {
        var arguments = content
        arguments["paused"] = .bool(request.paused ?? settings.addPaused)
        if let path = request.savePath ?? (settings.savePath.isEmpty ? nil : settings.savePath) {
            guard path.hasPrefix("/") || path.dropFirst().first == ":" else {
                throw PluginError(
                    .invalid,
                    "The save path must begin with /, as Transmission sees it.",
                    field: "savePath"
                )
            }
            arguments["download-dir"] = .string(path)
        }
        // One that hangs must not be left with a torrent that another client could have.
        try await PluginError.beforeAdding {
            try await rpc.call("session-get", ["fields": ["version"]], doing: "read the settings")
        }
        let answer = try await send(arguments)
        if let entry = answer.duplicate {
            let hash = entry.hashString.lowercased()
            return AddedDownload(id: hash, existed: true, infoHash: hash)
        }
        guard let hash = answer.added?.hashString.lowercased() else {
            throw PluginError(.interrupted, "\(rpc.endpoint.name) has taken the torrent without saying which.")
        }
        try await adjust(try TorrentID(hash), request)
        return AddedDownload(id: hash, infoHash: hash)
    }

    private func send(_ arguments: [String: JSONValue]) async throws -> Added {
        do {
            return try await rpc.call("torrent-add", arguments, as: Added.self, doing: "add the torrent")
        } catch let error as PluginError
            where error.code.value == .remoteFailure && error.message.contains("invalid or corrupt")
        {
            throw PluginError(
                .invalid,
                """
                \(rpc.endpoint.name) cannot read this torrent, or its version does not know this kind: Transmission takes \
                torrents of v1, from 4.0 on hybrid ones too, and none of v2 alone.
                """,
                field: "link"
            )
        }
    }

    /// Sets what adding did not: 3.00 takes no labels when it adds, and no version takes limits or priorities.
    ///
    /// A failure is only logged, for the download itself goes on.
    private func adjust(_ id: TorrentID, _ request: AddDownload) async throws {
        let category = request.category ?? settings.category
        if !category.isEmpty { await set(id, ["labels": [.string(category)]], what: "The label “\(category)”") }
        var limits = try AddOptions(request.options ?? [:]).arguments
        if let ratio = request.seedRatioLimit ?? settings.seedRatioLimit {
            limits["seedRatioLimit"] = .number(ratio)
            limits["seedRatioMode"] = 1
        }
        if let minutes = request.seedTimeLimit ?? settings.seedTimeLimit {
            // 0 idle minutes would end it before anybody has asked.
            limits["seedIdleLimit"] = .integer(Int64(max(minutes, 1)))
            limits["seedIdleMode"] = 1
        }
        if settings.sequential, limits["sequential_download"] == nil { limits["sequential_download"] = true }
        let priority = request.priority?.value ?? .normal
        if priority != .normal { limits["bandwidthPriority"] = priority.bandwidth }
        if !limits.isEmpty { await set(id, limits, what: "Limits and options") }
        guard let move = priority.queueMove else { return }
        do {
            try await rpc.call(move, ["ids": id.ids], doing: "move the torrent within the queue")
            if priority == .force {
                try await rpc.call("torrent-start-now", ["ids": id.ids], doing: "start the torrent")
            }
        } catch {
            host.log(.warning, "The priority was not set: \(error)", fields: [:])
        }
    }

    private func set(_ id: TorrentID, _ values: [String: JSONValue], what: String) async {
        do {
            let arguments = values.merging(["ids": id.ids]) { own, _ in own }
            try await rpc.call("torrent-set", arguments, doing: "change the torrent")
        } catch {
            host.log(.warning, "\(what) was not set: \(error)", fields: [:])
        }
    }
}
