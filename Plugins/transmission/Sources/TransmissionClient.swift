import PluginAPI

import struct FoundationEssentials.Data

/// Transmission 2.80 or newer, through its RPC.
final class TransmissionClient: Plugin, DownloadClient {
    static let manifest = TransmissionManifest.manifest

    private let rpc: RPC
    private let settings: TransmissionSettings
    private let host: any HostServices
    private let feed: TorrentFeed
    private let adder: TorrentAdder
    private let control: TorrentControl

    /// - Throws: `PluginError` with `.invalid` and the field when host, port or URL base make no address.
    convenience init(settings: TransmissionSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, tools: .system)
    }

    init(settings: TransmissionSettings, host: any HostServices, tools: PluginTools) throws {
        let rpc = try RPC(settings: settings, host: host)
        self.rpc = rpc
        self.settings = settings
        self.host = host
        feed = TorrentFeed(rpc, host: host, category: settings.category, epoch: tools.token())
        adder = TorrentAdder(rpc: rpc, settings: settings, host: host)
        control = TorrentControl(rpc: rpc, pauses: PauseMemory(host: host))
    }

    // MARK: Provider

    func test() async throws -> ConnectionReport {
        let report = try await ConnectionTest(settings: settings, host: host).run()
        if report.checks.allSatisfy(\.ok) { rpc.forgive() }
        return report
    }

    func options(for source: String) async throws -> [SettingsField.Option] {
        guard source == "categories" else {
            throw PluginError(.unsupported, "There are no options for \(source).")
        }
        return try await rpc.labels().sorted().map { SettingsField.Option($0) }
    }

    // MARK: DownloadClient

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        let added = try await adder.add(request, file: file)
        await feed.expectChange()
        return added
    }

    func changes(since cursor: String?) async throws -> DownloadChanges {
        try await feed.changes(since: cursor)
    }

    func item(_ id: String) async throws -> DownloadItem? {
        try await rpc.find(TorrentID(id))?.item(preferring: settings.category)
    }

    func files(of id: String) async throws -> [DownloadFile] {
        try await rpc.torrent(TorrentID(id), FileList.fields, as: FileList.self).downloadFiles
    }

    func remove(_ id: String, deletingData: Bool) async throws {
        let arguments: [String: JSONValue] = ["ids": try TorrentID(id).ids, "delete-local-data": .bool(deletingData)]
        try await rpc.call("torrent-remove", arguments, doing: "remove the torrent")
        await feed.expectChange()
    }

    func pause(_ id: String) async throws {
        try await control.stop(TorrentID(id))
        await feed.expectChange()
    }

    func resume(_ id: String) async throws {
        try await control.start(TorrentID(id))
        await feed.expectChange()
    }

    func pauseAll() async throws {
        try await control.stopAll()
        await feed.expectChange()
    }

    func resumeAll() async throws {
        try await control.startAll()
        await feed.expectChange()
    }

    func retry(_ id: String) async throws {
        try await control.retry(TorrentID(id))
        await feed.expectChange()
    }

    func prioritize(_ request: Prioritization) async throws {
        try await control.prioritize(request)
        await feed.expectChange()
    }

    func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        try await AvailabilityReader(rpc: rpc, settings: settings).availability(of: fileIndex, in: TorrentID(id))
    }
}
