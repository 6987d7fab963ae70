import PluginAPI

import struct FoundationEssentials.Data

/// Deluge 2.0 or newer, through the JSON-RPC of deluge-web.
final class DelugeClient: Plugin, DownloadClient {
    static let manifest = DelugeManifest.manifest

    private let web: Web
    private let settings: DelugeSettings
    private let host: any HostServices
    private let feed: TorrentFeed
    private let adder: TorrentAdder
    private let control: TorrentControl

    /// - Throws: `PluginError` with `.invalid` and the field when host, port or URL base make no address.
    convenience init(settings: DelugeSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, tools: .system)
    }

    init(settings: DelugeSettings, host: any HostServices, tools: PluginTools) throws {
        let web = try Web(settings: settings, host: host)
        self.web = web
        self.settings = settings
        self.host = host
        feed = TorrentFeed(web, epoch: tools.token())
        control = TorrentControl(web: web, sleep: tools.sleep)
        adder = TorrentAdder(web: web, control: control, settings: settings, host: host)
    }

    // MARK: Provider

    func test() async throws -> ConnectionReport {
        let report = try await ConnectionTest(settings: settings, host: host).run()
        if report.checks.allSatisfy(\.ok) { await web.forgive() }
        return report
    }

    func options(for source: String) async throws -> [SettingsField.Option] {
        guard source == "categories" else {
            throw PluginError(.unsupported, "There are no options for \(source).")
        }
        return try await web.labels().sorted().map { SettingsField.Option($0) }
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
        return try await web.find(id)?.item(id: id.hex)
    }

    func files(of id: String) async throws -> [DownloadFile] {
        let id = try TorrentID(id)
        guard let list = try await web.status(id, FileList.keys, as: Listed<FileList>.self).value else {
            throw Web.missing(id)
        }
        return list.downloadFiles
    }

    func remove(_ id: String, deletingData: Bool) async throws {
        try await control.remove(TorrentID(id), deletingData: deletingData)
    }

    func pause(_ id: String) async throws {
        try await control.stop(TorrentID(id))
    }

    func resume(_ id: String) async throws {
        try await control.start(TorrentID(id))
    }

    func pauseAll() async throws {
        try await web.call("core.pause_session", [])
    }

    func resumeAll() async throws {
        try await web.call("core.resume_session", [])
    }

    func retry(_ id: String) async throws {
        try await control.retry(TorrentID(id))
    }

    func prioritize(_ request: Prioritization) async throws {
        try await control.prioritize(request)
    }

    func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        try await AvailabilityReader(web: web).availability(of: fileIndex, in: TorrentID(id))
    }
}
