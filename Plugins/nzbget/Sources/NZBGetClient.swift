import PluginAPI

import struct FoundationEssentials.Data

/// NZBGet 16 or newer, through its JSON-RPC interface.
final class NZBGetClient: Plugin, DownloadClient {
    static let manifest = NZBGetManifest.manifest

    private let api: API
    private let settings: NZBGetSettings
    private let feed: JobFeed
    private let adder: JobAdder
    private let control: JobControl
    private let remover: JobRemover

    /// - Throws: `PluginError` with `.invalid` and the field when host, port or URL base make no address.
    convenience init(settings: NZBGetSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, tools: .system)
    }

    init(settings: NZBGetSettings, host: any HostServices, tools: PluginTools) throws {
        let api = try API(settings, host: host)
        self.api = api
        self.settings = settings
        feed = JobFeed(api, host: host, epoch: tools.token())
        adder = JobAdder(api: api, settings: settings, sources: AddedSources(host))
        control = JobControl(api: api)
        remover = JobRemover(api: api, deletesFinished: settings.deletesFinished, host: host, sleep: tools.sleep)
    }

    // MARK: Provider

    func test() async throws -> ConnectionReport {
        try await ConnectionTest(api: api, settings: settings).run()
    }

    func options(for source: String) async throws -> [SettingsField.Option] {
        guard source == "categories" else {
            throw PluginError(.unsupported, "There are no options for \(source).")
        }
        return try await api.configuration().categories.map(\.name).sorted().map { SettingsField.Option($0) }
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
        switch try await api.job(JobID(id)) {
        case .queued(let group):
            let status = try await api.status()
            let speed = group.activeDownloads > 0 ? status.speed : 0
            return group.item(QueueMood(isPaused: status.isPaused, speed: speed))
        case .past(let entry): return entry.wasDeletedByHand ? nil : entry.item()
        case nil: return nil
        }
    }

    /// The files of a job that are not complete yet; a finished one has its own folder instead.
    func files(of id: String) async throws -> [DownloadFile] {
        let id = try JobID(id)
        guard case .queued = try await api.existingJob(id) else { return [] }
        return try await api.files(of: id).map(\.item)
    }

    func remove(_ id: String, deletingData: Bool) async throws {
        try await remover.remove(JobID(id), deletingData: deletingData)
        await feed.expectChange()
    }

    func pause(_ id: String) async throws {
        try await control.pause(JobID(id))
    }

    func resume(_ id: String) async throws {
        try await control.resume(JobID(id))
    }

    func pauseAll() async throws {
        try await control.pauseAll()
    }

    func resumeAll() async throws {
        try await control.resumeAll()
    }

    func retry(_ id: String) async throws {
        try await control.retry(JobID(id))
        await feed.expectChange()
    }

    func prioritize(_ request: Prioritization) async throws {
        try await control.prioritize(request)
    }
}
