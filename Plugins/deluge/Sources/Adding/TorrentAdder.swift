import FoundationEssentials
import PluginAPI

/// Adds torrents.
struct TorrentAdder: Sendable {
    let web: Web
    let control: TorrentControl
    let settings: DelugeSettings
    let host: any HostServices

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        let label = try Label(request.category ?? settings.category)
        let options = try await options(for: request)
        let added: AddedDownload
        do {
            let source = try await TorrentSource(request, file: file, client: "Deluge", host: host)
            added = try await add(source, name: request.name, options)
        } catch let reason as PluginError where mayReachMore(request, reason) {
            added = try await addUnseen(request, options, because: reason)
        }
        guard !added.existed else { return added }
        let id = try TorrentID(added.id)
        if let label { await set(label, of: id) }
        do {
            try await control.move(id, to: request.priority?.value)
        } catch {
            host.log(.warning, "The priority was not set: \(error)", fields: [:])
        }
        if request.seedTimeLimit != nil {
            host.log(.warning, "Deluge has no limit of seeding in minutes; only that of the ratio holds.", fields: [:])
        }
        return added
    }

    private func mayReachMore(_ request: AddDownload, _ reason: PluginError) -> Bool {
        guard request.source == .url else { return false }
        switch reason.code.value {
        case .unreachable, .timeout, .untrusted, .badResponse: return reason.field != "host"
        case .forbidden, .remoteFailure: return reason.field == "link"
        default: return false
        }
    }

    private func add(_ source: TorrentSource, name: String?, _ options: JSONValue) async throws -> AddedDownload {
        if let there = try await PluginError.beforeAdding({ try await existing(source.hashes) }) { return there }
        let answer: String?
        do {
            switch source {
            case .magnet(let link):
                let parameters: [JSONValue] = [.string(link.named(name)), options]
                answer = try await web.callIfAny("core.add_torrent_magnet", parameters, as: String.self)
            case .file(let data, _):
                let parameters: [JSONValue] = ["kinodock.torrent", .string(data.base64EncodedString()), options]
                answer = try await web.callIfAny("core.add_torrent_file", parameters, as: String.self)
            }
        } catch let error as PluginError where error.code == .remoteFailure {
            // Perhaps somebody else was faster.
            if let there = try await existing(source.hashes) { return there }
            throw PluginError(.invalid, "\(web.endpoint.name) refuses this torrent. \(error.message)", field: "link")
        }
        guard let id = answer?.lowercased() else {
            throw PluginError(.invalid, "\(web.endpoint.name) refuses this torrent without a reason.", field: "link")
        }
        return AddedDownload(id: id, infoHash: source.hashes.preferred)
    }

    private func existing(_ hashes: InfoHashes) async throws -> AddedDownload? {
        for candidate in hashes.candidates where try await web.find(TorrentID(candidate)) != nil {
            return AddedDownload(id: candidate, existed: true, infoHash: hashes.preferred)
        }
        return nil
    }

    /// Leaves the address to Deluge, which answers when it has fetched it.
    private func addUnseen(
        _ request: AddDownload,
        _ options: JSONValue,
        because reason: PluginError
    ) async throws -> AddedDownload {
        do {
            let parameters: [JSONValue] = [.string(request.link), options]
            if let id = try await web.callIfAny("core.add_torrent_url", parameters, as: String.self)?.lowercased() {
                return AddedDownload(id: id, infoHash: id)
            }
        } catch let error as PluginError where error.code == .remoteFailure {
            if let id = Self.sessionID(in: error.message) { return AddedDownload(id: id, existed: true, infoHash: id) }
        }
        throw PluginError(
            .remoteFailure,
            "Neither Kinodock nor Deluge gets a torrent from this address. \(reason.message)",
            field: "link"
        )
    }

    /// The id in "Torrent already in session (ID)".
    private static func sessionID(in words: String) -> String? {
        guard let start = words.firstRange(of: "already in session (") else { return nil }
        return try? TorrentID(String(words[start.upperBound...].prefix(40))).hex
    }

    private func options(for request: AddDownload) async throws -> JSONValue {
        var options = try AddOptions(request.options ?? [:]).options
        options["add_paused"] = .bool(request.paused ?? settings.addPaused)
        if let ratio = request.seedRatioLimit ?? settings.seedRatioLimit {
            options["stop_at_ratio"] = true
            options["stop_ratio"] = .number(ratio)
        }
        if settings.sequential, options["sequential_download"] == nil { options["sequential_download"] = true }
        if let path = request.savePath ?? (settings.savePath.isEmpty ? nil : settings.savePath) {
            // Where Deluge moves what is complete, the path is the goal of the move.
            if try await web.configuration().movesCompleted {
                options["move_completed_path"] = .string(path)
            } else {
                options["download_location"] = .string(path)
            }
        }
        return .object(options)
    }

    /// Creates the label when it is missing, and sets it.
    ///
    /// A failure is only logged, for the download itself goes on.
    private func set(_ label: Label, of id: TorrentID) async {
        do {
            if try await !web.labels().contains(label.name) { try await web.call("label.add", [.string(label.name)]) }
            try await web.call("label.set_torrent", [id.value, .string(label.name)])
        } catch {
            host.log(.warning, "The label “\(label.name)” was not set: \(error)", fields: [:])
        }
    }
}
