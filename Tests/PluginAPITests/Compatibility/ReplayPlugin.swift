import FoundationEssentials
import PluginAPI
import Synchronization

/// What goes into a method or comes out of it.
typealias Replayed = any Hashable & Sendable

/// The result of a method that has none.
struct Nothing: Hashable {}

/// A plugin of every kind that keeps what it was called with and answers with what it was given.
final class ReplayPlugin: Plugin, DownloadClient, Indexer, MetadataProvider, Notifier {
    struct Settings: Codable, Sendable {}

    static let manifest = PluginManifest(
        id: "replay",
        name: "Replay",
        version: "1.0.0",
        description: "",
        settings: SettingsSchema(fields: [])
    )

    private let result: Replayed
    private let inputs = Mutex<[Replayed]>([])

    var seen: [Replayed] { inputs.withLock { $0 } }

    init(answering result: Replayed) {
        self.result = result
    }

    init(settings: Settings, host: any HostServices) {
        result = Nothing()
    }

    private func answer<Result>(_ seen: Replayed...) throws -> Result {
        inputs.withLock { $0 = seen }
        guard let result = result as? Result else {
            throw PluginError(.internal, "The test has a \(type(of: result)) for a \(Result.self).")
        }
        return result
    }

    private func act(_ seen: Replayed...) {
        inputs.withLock { $0 = seen }
    }

    func test() async throws -> ConnectionReport { try answer() }
    func options(for source: String) async throws -> [SettingsField.Option] { try answer(source) }

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload { try answer(request, file) }
    func changes(since cursor: String?) async throws -> DownloadChanges { try answer(cursor) }
    func item(_ id: String) async throws -> DownloadItem? { try answer(id) }
    func files(of id: String) async throws -> [DownloadFile] { try answer(id) }
    func remove(_ id: String, deletingData: Bool) async throws { act(id, deletingData) }
    func pause(_ id: String) async throws { act(id) }
    func resume(_ id: String) async throws { act(id) }
    func retry(_ id: String) async throws { act(id) }
    func prioritize(_ request: Prioritization) async throws { act(request) }

    func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        try answer(fileIndex, id)
    }

    func pauseAll() async throws { act() }
    func resumeAll() async throws { act() }
    func inspect(_ request: SourceInspection) async throws -> InspectedSource { try answer(request) }

    func capabilities() async throws -> IndexerCapabilities { try answer() }
    func search(_ query: ReleaseQuery) async throws -> [Release] { try answer(query) }
    func fetch(_ link: String) async throws -> ReleaseContent { try answer(link) }

    func search(_ query: MetadataQuery) async throws -> [MetadataTitle] { try answer(query) }
    func movie(_ id: String) async throws -> MetadataTitle { try answer(id) }
    func series(_ id: String) async throws -> MetadataTitle { try answer(id) }
    func season(_ number: Int, of seriesID: String) async throws -> MetadataSeason { try answer(number, seriesID) }
    func find(source: String, id: String) async throws -> [MetadataTitle] { try answer(source, id) }

    func images(for id: String, kind: Open<MetadataTitle.Kind>) async throws -> [MetadataImage] {
        try answer(id, kind)
    }

    func supportedEvents() async throws -> [Open<NotificationEvent.Kind>] { try answer() }
    func notify(_ event: NotificationEvent) async throws { act(event) }
}

/// Answers every call with a recorded result and keeps what was sent.
actor ReplayTransport: PluginTransport {
    struct Sent {
        let method: String
        let json: Data
        let attachment: Data?
    }

    private let result: Data
    private let attachment: Data?
    private(set) var sent: Sent?

    init(result: Data, attachment: Data?) {
        self.result = result
        self.attachment = attachment
    }

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        sent = Sent(method: method, json: json, attachment: attachment)
        return (result, self.attachment)
    }
}
