import PluginAPI

import struct FoundationEssentials.Data

/// qBittorrent 4.1 or newer, through its Web API.
final class QBittorrentClient: Plugin, DownloadClient {
    static let manifest = QBittorrentManifest.manifest

    private let api: WebAPI
    private let settings: QBittorrentSettings
    private let feed: TorrentFeed
    private let adder: TorrentAdder
    private let control: TorrentControl
    private let reader: AvailabilityReader

    /// - Throws: `PluginError` with `.invalid` and the field when host, port or URL base make no address.
    convenience init(settings: QBittorrentSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, tools: .system)
    }

    init(settings: QBittorrentSettings, host: any HostServices, tools: PluginTools) throws {
        let api = WebAPI(try Server(settings: settings, host: host))
        self.api = api
        self.settings = settings
        feed = TorrentFeed(api, epoch: tools.token())
        adder = TorrentAdder(api: api, settings: settings, tools: tools)
        control = TorrentControl(api)
        reader = AvailabilityReader(api: api)
    }

    // MARK: Provider

    func test() async throws -> ConnectionReport {
        let report = try await ConnectionTest(server: api.server, settings: settings).run()
        if report.checks.allSatisfy(\.ok) { await api.session.forgive() }
        return report
    }

    func options(for source: String) async throws -> [SettingsField.Option] {
        guard source == "categories" else {
            throw PluginError(.unsupported, "There are no options for \(source).")
        }
        return try await api.categories().keys.sorted().map { SettingsField.Option($0) }
    }

    func shutDown() async {
        await api.session.close()
    }

    // MARK: DownloadClient

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        try await adder.add(request, file: file)
    }

    func changes(since cursor: String?) async throws -> DownloadChanges {
        try await feed.changes(since: cursor)
    }

    func item(_ id: String) async throws -> DownloadItem? {
        let id = try TorrentID(id)
        return try await api.find(id).map { Torrent(id: id.hex, $0.patch).item }
    }

    func files(of id: String) async throws -> [DownloadFile] {
        let listed = try await api.torrent(TorrentID(id))
        return try await api.files(of: listed.listedID).enumerated().map { DownloadFile($1, position: $0) }
    }

    func remove(_ id: String, deletingData: Bool) async throws {
        let id = try TorrentID(id)
        // Asked for also when it is not listed, for the list lags behind.
        let listed = try await api.find(id)?.listedID ?? id
        try await api.post("torrents/delete", ["hashes": listed.hex, "deleteFiles": "\(deletingData)"])
    }

    func pause(_ id: String) async throws {
        try await control.stop(TorrentID(id))
    }

    func resume(_ id: String) async throws {
        try await control.start(TorrentID(id))
    }

    func retry(_ id: String) async throws {
        try await control.retry(TorrentID(id))
    }

    func prioritize(_ request: Prioritization) async throws {
        try await control.prioritize(request)
    }

    func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        try await reader.availability(of: fileIndex, in: TorrentID(id))
    }
}
