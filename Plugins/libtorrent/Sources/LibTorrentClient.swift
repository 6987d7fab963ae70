import PluginAPI

import struct FoundationEssentials.Data

/// The torrent client that comes with Kinodock: libtorrent-rasterbar in the plugin's own process.
final class LibTorrentClient: Plugin, DownloadClient {
    static let manifest = LibTorrentManifest.manifest

    private let engine: TorrentEngine

    /// - Throws: `PluginError` with `.invalid` and the field for folders that are no absolute paths.
    convenience init(settings: LibTorrentSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, tools: .system)
    }

    init(settings: LibTorrentSettings, host: any HostServices, tools: TorrentEngine.Tools) throws {
        // The host's folders come later; they are not what a person has entered.
        _ = try DownloadPlaces(nil, settings: settings, folders: HostFolders(data: "/-", downloads: "/-"))
        engine = TorrentEngine(settings: settings, host: host, tools: tools)
    }

    // MARK: Provider

    func test() async throws -> ConnectionReport {
        await ClientTest(settings: engine.settings, host: engine.host).run()
    }

    func shutDown() async {
        await engine.shutDown()
    }

    // MARK: DownloadClient

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        try await engine.add(request, file: file)
    }

    func changes(since cursor: String?) async throws -> DownloadChanges {
        try await engine.changes(since: cursor)
    }

    func item(_ id: String) async throws -> DownloadItem? {
        try await engine.item(id)
    }

    func files(of id: String) async throws -> [DownloadFile] {
        try await engine.files(of: id)
    }

    func remove(_ id: String, deletingData: Bool) async throws {
        try await engine.remove(id, deletingData: deletingData)
    }

    func pause(_ id: String) async throws {
        try await engine.pause(id)
    }

    func resume(_ id: String) async throws {
        try await engine.resume(id)
    }

    func pauseAll() async throws {
        try await engine.setPaused(true)
    }

    func resumeAll() async throws {
        try await engine.setPaused(false)
    }

    func retry(_ id: String) async throws {
        try await engine.retry(id)
    }

    func prioritize(_ request: Prioritization) async throws {
        try await engine.prioritize(request)
    }

    func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        try await engine.availability(of: fileIndex, in: id)
    }
}
