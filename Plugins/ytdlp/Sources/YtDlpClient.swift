import PluginAPI

import struct FoundationEssentials.Data
import struct FoundationEssentials.UUID

/// Downloads from web pages with the program yt-dlp.
final class YtDlpClient: Plugin, DownloadClient {
    static let manifest = YtDlpManifest.manifest

    private let host: any HostServices
    private let settings: YtDlpSettings
    private let tool: Tool
    private let downloads: Downloads
    private let adder: DownloadAdder

    /// - Throws: `PluginError` with `.invalid` and the field for options that are refused.
    convenience init(settings: YtDlpSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, search: .own, epoch: UUID().uuidString)
    }

    /// - Parameter epoch: different for each instance, so that a cursor of an earlier one is not taken for this one's.
    init(settings: YtDlpSettings, host: any HostServices, search: SearchPath, epoch: String) throws {
        let checked = try CheckedSettings(settings)
        let tool = Tool(settings: settings, search: search)
        self.host = host
        self.settings = settings
        self.tool = tool
        downloads = Downloads(settings: checked, tool: tool, host: host, epoch: epoch) { cache in
            Invocation(
                settings: settings,
                arguments: checked.arguments,
                ffmpeg: settings.ffmpegPath.isEmpty ? nil : tool.ffmpeg(),
                cache: cache
            )
        }
        adder = DownloadAdder(settings: checked, tool: tool, host: host, downloads: downloads)
    }

    // MARK: Provider

    func test() async throws -> ConnectionReport {
        try await ConnectionTest(tool: tool, settings: settings, host: host).run()
    }

    func shutDown() async {
        await downloads.end()
    }

    // MARK: DownloadClient

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        try await downloads.open()
        return try await adder.add(request)
    }

    func inspect(_ request: SourceInspection) async throws -> InspectedSource {
        try await downloads.open()
        return try await adder.inspect(request)
    }

    func changes(since cursor: String?) async throws -> DownloadChanges {
        try await downloads.open()
        return try await downloads.changes(since: cursor)
    }

    func item(_ id: String) async throws -> DownloadItem? {
        try await downloads.open()
        return await downloads.item(id)
    }

    func files(of id: String) async throws -> [DownloadFile] {
        try await downloads.open()
        return try await downloads.files(of: id)
    }

    func remove(_ id: String, deletingData: Bool) async throws {
        try await downloads.open()
        try await downloads.remove(id, deletingData: deletingData)
    }

    func pause(_ id: String) async throws {
        try await downloads.open()
        try await downloads.pause(id)
    }

    func resume(_ id: String) async throws {
        try await downloads.open()
        try await downloads.resume(id)
    }

    func pauseAll() async throws {
        try await downloads.open()
        // The waiting ones first, so that none of them takes the place of one that stops.
        for id in await downloads.order.reversed() { try? await downloads.pause(id) }
    }

    func resumeAll() async throws {
        try await downloads.open()
        for id in await downloads.order { try? await downloads.resume(id) }
    }

    func retry(_ id: String) async throws {
        try await downloads.open()
        try await downloads.retry(id)
    }

    func prioritize(_ request: Prioritization) async throws {
        try await downloads.open()
        guard let priority = request.priority?.value else {
            throw PluginError(
                .unsupported,
                "yt-dlp has no order within a download; only the whole has a priority."
            )
        }
        try await downloads.prioritize(request.id, priority)
    }
}
