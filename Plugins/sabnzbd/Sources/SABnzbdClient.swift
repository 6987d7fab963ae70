import PluginAPI

import struct FoundationEssentials.Data

/// SABnzbd 3.0 or newer, through its API.
final class SABnzbdClient: Plugin, DownloadClient {
    static let manifest = SABnzbdManifest.manifest

    private let api: API
    private let settings: SABnzbdSettings
    private let renamed: RenamedJobs
    private let feed: JobFeed
    private let adder: JobAdder
    private let control: JobControl
    private let remover: JobRemover

    /// - Throws: `PluginError` with `.invalid` and the field when host, port or URL base make no address.
    convenience init(settings: SABnzbdSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, tools: .system)
    }

    init(settings: SABnzbdSettings, host: any HostServices, tools: PluginTools) throws {
        let api = try API(settings, host: host)
        let renamed = RenamedJobs(host)
        self.api = api
        self.settings = settings
        self.renamed = renamed
        feed = JobFeed(api, renamed: renamed, epoch: tools.token())
        adder = JobAdder(
            api: api,
            settings: settings,
            categories: CategoryKeeper(api),
            sources: AddedSources(host),
            renamed: renamed,
            token: tools.token
        )
        control = JobControl(api: api, renamed: renamed)
        let files = FinishedFiles(api: api, isAllowed: settings.deletesFinished, host: host)
        remover = JobRemover(api: api, renamed: renamed, files: files, sleep: tools.sleep)
    }

    // MARK: Provider

    func test() async throws -> ConnectionReport {
        try await ConnectionTest(api: api, settings: settings).run()
    }

    func options(for source: String) async throws -> [SettingsField.Option] {
        guard source == "categories" else {
            throw PluginError(.unsupported, "There are no options for \(source).")
        }
        return try await api.categories().map(\.name).filter { $0 != "*" }.sorted().map { SettingsField.Option($0) }
    }

    // MARK: DownloadClient

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        try await adder.add(request, file: file)
    }

    func changes(since cursor: String?) async throws -> DownloadChanges {
        try await feed.changes(since: cursor)
    }

    func item(_ id: String) async throws -> DownloadItem? {
        try await api.job(try await renamed.current(of: id))?.item(as: id)
    }

    /// The files of a job while it is downloaded; a finished one has its own path instead.
    func files(of id: String) async throws -> [DownloadFile] {
        guard case .queued(let slot, _) = try await api.existingJob(try await renamed.current(of: id)) else {
            return []
        }
        return try await api.files(of: slot.id).enumerated().map { index, file in
            DownloadFile(
                index: index,
                path: file.name,
                size: file.size,
                completed: max(0, file.size - file.remaining)
            )
        }
    }

    func remove(_ id: String, deletingData: Bool) async throws {
        try await remover.remove(id, deletingData: deletingData)
        await feed.forgetHistory()
    }

    func pause(_ id: String) async throws {
        try await control.pause(id)
    }

    func resume(_ id: String) async throws {
        try await control.resume(id)
    }

    func pauseAll() async throws {
        try await control.pauseAll()
    }

    func resumeAll() async throws {
        try await control.resumeAll()
    }

    func retry(_ id: String) async throws {
        try await control.retry(id)
        await feed.forgetHistory()
    }

    func prioritize(_ request: Prioritization) async throws {
        try await control.prioritize(request)
    }
}
