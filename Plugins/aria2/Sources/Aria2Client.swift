import PluginAPI

import struct FoundationEssentials.Data

/// aria2 1.19 or newer, through its JSON-RPC.
final class Aria2Client: Plugin, DownloadClient {
    static let manifest = Aria2Manifest.manifest

    private let rpc: RPC
    private let settings: Aria2Settings
    private let host: any HostServices
    private let feed: DownloadFeed
    private let adder: DownloadAdder
    private let control: DownloadControl
    private let remover: DownloadRemover

    /// - Throws: `PluginError` with `.invalid` and the field when host, port or URL base make no address.
    convenience init(settings: Aria2Settings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, tools: .system)
    }

    init(settings: Aria2Settings, host: any HostServices, tools: PluginTools) throws {
        let rpc = try RPC(settings: settings, host: host)
        self.rpc = rpc
        self.settings = settings
        self.host = host
        feed = DownloadFeed(rpc, epoch: tools.token())
        adder = DownloadAdder(rpc: rpc, settings: settings, host: host)
        control = DownloadControl(rpc: rpc, pauses: PauseMemory(host: host))
        remover = DownloadRemover(rpc: rpc, settings: settings, sleep: tools.sleep)
    }

    // MARK: Provider

    func test() async throws -> ConnectionReport {
        try await ConnectionTest(settings: settings, host: host).run()
    }

    // MARK: DownloadClient

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        try await adder.add(request, file: file)
    }

    func changes(since cursor: String?) async throws -> DownloadChanges {
        try await feed.changes(since: cursor)
    }

    func item(_ id: String) async throws -> DownloadItem? {
        let id = try DownloadID(id)
        return try await rpc.entries().rows[id.text].map { $0.entry.item(id: $0.id) }
    }

    func files(of id: String) async throws -> [DownloadFile] {
        let entry = try await rpc.row(DownloadID(id)).entry
        return entry.isMetadata ? [] : entry.downloadFiles
    }

    func remove(_ id: String, deletingData: Bool) async throws {
        try await remover.remove(DownloadID(id), deletingData: deletingData)
    }

    func pause(_ id: String) async throws {
        try await control.pause(DownloadID(id))
    }

    func resume(_ id: String) async throws {
        try await control.resume(DownloadID(id))
    }

    func pauseAll() async throws {
        try await control.pauseAll()
    }

    func resumeAll() async throws {
        try await control.resumeAll()
    }

    func retry(_ id: String) async throws {
        try await control.retry(DownloadID(id))
    }

    func prioritize(_ request: Prioritization) async throws {
        try await control.prioritize(request)
    }

    func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        try await AvailabilityReader(rpc: rpc).availability(of: fileIndex, in: DownloadID(id))
    }
}
