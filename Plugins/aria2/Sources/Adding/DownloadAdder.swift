import FoundationEssentials
import PluginAPI

/// Adds torrents and plain web addresses.
struct DownloadAdder: Sendable {
    let rpc: RPC
    let settings: Aria2Settings
    let host: any HostServices

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        let options = try options(for: request)
        var request = request
        if request.source == .url, !request.link.lowercased().hasPrefix("magnet:") {
            switch try await AddressKind(of: request.link, host: host) {
            case .torrent: break
            case .magnet(let link): request.link = link
            case .page:
                throw PluginError(.unsupported, "This address is a web page, and aria2 takes files.", field: "link")
            case .file: return try await addFile(request, options)
            }
        }
        let source = try await TorrentSource(request, file: file, client: "aria2", host: host)
        return try await add(source, request, options)
    }

    private func add(
        _ source: TorrentSource,
        _ request: AddDownload,
        _ options: [String: JSONValue]
    ) async throws -> AddedDownload {
        guard let hash = source.hashes.v1, source.hashes.v2 == nil else {
            throw PluginError(
                .unsupported,
                "aria2 knows BitTorrent v1 only, and this torrent is of v2. Use another client for it.",
                field: "link"
            )
        }
        let there = try await PluginError.beforeAdding { try await rpc.entries().rows[hash] }
        if let there, there.entry.status != .error {
            return AddedDownload(id: hash, existed: true, infoHash: hash)
        }
        let call: RPC.Call
        switch source {
        case .magnet(let link):
            call = .init("addUri", [.string(link.named(request.name))], .object(options))
        case .file(let data, _):
            call = .init("addTorrent", .string(data.base64EncodedString()), [], .object(options))
        }
        let gid = try await send(call)
        await move(gid, request.priority?.value)
        return AddedDownload(id: hash, infoHash: hash)
    }

    /// Leaves an address to aria2.
    ///
    /// What goes wrong there shows in the download's own message.
    private func addFile(_ request: AddDownload, _ options: [String: JSONValue]) async throws -> AddedDownload {
        let link = request.link
        let scheme = link.split(separator: ":").first?.lowercased() ?? ""
        guard ["http", "https", "ftp", "sftp"].contains(scheme), link.dropFirst(scheme.count).hasPrefix("://"),
            !link.contains(where: \.isNewline)
        else {
            throw PluginError(.invalid, "The address begins with http://, https://, ftp:// or sftp://.", field: "link")
        }
        let rows = try await PluginError.beforeAdding { try await rpc.entries().rows }
        let same = rows.values.first { row in
            row.entry.status != .error && row.entry.files.contains { $0.addresses.contains { $0.uri == link } }
        }
        if let same { return AddedDownload(id: same.id, existed: true) }
        let gid = try await send(.init("addUri", [.string(link)], .object(options)))
        await move(gid, request.priority?.value)
        return AddedDownload(id: gid)
    }

    private func send(_ call: RPC.Call) async throws -> String {
        do {
            return try await rpc.call(call, as: String.self)
        } catch let error as PluginError where error.code == .remoteFailure {
            throw PluginError(.invalid, "\(rpc.endpoint.name) refuses this download. \(error.message)", field: "link")
        }
    }

    private func move(_ gid: String, _ priority: DownloadPriority?) async {
        do {
            try await DownloadControl(rpc: rpc, pauses: PauseMemory(host: host)).move(gid, to: priority)
        } catch {
            host.log(.warning, "The priority was not set: \(error)", fields: [:])
        }
    }

    private func options(for request: AddDownload) throws -> [String: JSONValue] {
        var options = try AddOptions(request.options ?? [:]).options
        options["pause"] = (request.paused ?? settings.addPaused) ? "true" : "false"
        // Otherwise a download that has ended is forgotten when aria2 is started anew.
        options["force-save"] = "true"
        if let path = request.savePath ?? (settings.savePath.isEmpty ? nil : settings.savePath) {
            guard path.hasPrefix("/") || path.dropFirst().first == ":" else {
                throw PluginError(.invalid, "The save path must begin with /, as aria2 sees it.", field: "savePath")
            }
            options["dir"] = .string(path)
        }
        if let ratio = request.seedRatioLimit ?? settings.seedRatioLimit { options["seed-ratio"] = .string("\(ratio)") }
        if let time = request.seedTimeLimit ?? settings.seedTimeLimit { options["seed-time"] = .string("\(time)") }
        if settings.endsFirst { options["bt-prioritize-piece"] = DownloadControl.ends }
        return options
    }
}
