import FoundationEssentials
import PluginAPI

/// A plugin of every kind that answers with what it was asked.
struct EveryKindPlugin: Plugin, DownloadClient, Indexer, MetadataProvider, Notifier {
    struct Settings: Codable, Sendable {
        var host: String
        var port: Int
        var label: String?
    }

    static let manifest = PluginManifest(
        id: "every-kind",
        name: "Every kind",
        version: "1.0.0",
        description: "",
        settings: SettingsSchema(fields: [
            .host("host", label: "Host").required(),
            .number("port", label: "Port", in: 1...65535).default(80),
            renamed,
        ])
    )

    private static var renamed: SettingsField {
        var field = SettingsField.text("label", label: "Label")
        field.renamedFrom = "tag"
        return field
    }

    static func migrate(_ settings: [String: JSONValue], from version: Int) throws -> [String: JSONValue] {
        guard let host = settings["server"] else {
            throw PluginError(.invalid, "Version \(version) had no server.", field: "server")
        }
        return ["host": host]
    }

    let settings: Settings
    let host: any HostServices

    init(settings: Settings, host: any HostServices) {
        self.settings = settings
        self.host = host
    }

    func test() async throws -> ConnectionReport {
        ConnectionReport(version: "\(settings.host):\(settings.port) \(settings.label ?? "")")
    }

    func options(for source: String) async throws -> [SettingsField.Option] { [.init(source)] }

    func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        AddedDownload(id: request.link + String(decoding: file ?? Data(), as: UTF8.self))
    }

    func changes(since cursor: String?) async throws -> DownloadChanges {
        DownloadChanges(cursor: cursor ?? "first", isComplete: cursor == nil, items: [], removed: ["x"])
    }

    func item(_ id: String) async throws -> DownloadItem? {
        id == "none" ? nil : DownloadItem(id: id, name: "n", state: .seeding)
    }

    func files(of id: String) async throws -> [DownloadFile] {
        [DownloadFile(index: 3, path: id, size: 5, completed: 2)]
    }

    func remove(_ id: String, deletingData: Bool) async throws { throw Echo.said("remove \(id) \(deletingData)") }
    func pause(_ id: String) async throws { throw Echo.said("pause \(id)") }
    func resume(_ id: String) async throws { throw Echo.said("resume \(id)") }
    func retry(_ id: String) async throws { throw Echo.said("retry \(id)") }

    func prioritize(_ request: Prioritization) async throws {
        throw Echo.said("\(request.id) \(request.files?[1]?.rawValue ?? "") \(request.ranges?.first?.offset ?? 0)")
    }

    func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        FileAvailability(path: id, size: Int64(fileIndex), ranges: [FileRange(offset: 1, length: 2)])
    }

    func capabilities() async throws -> IndexerCapabilities { IndexerCapabilities(limit: 50) }

    func search(_ query: ReleaseQuery) async throws -> [Release] {
        [Release(guid: "g", title: query.text ?? "", downloadProtocol: .usenet, link: query.imdbID ?? "")]
    }

    func fetch(_ link: String) async throws -> ReleaseContent {
        link == "magnet" ? ReleaseContent(magnet: "magnet:x") : ReleaseContent(.nzb, file: Data(link.utf8))
    }

    func search(_ query: MetadataQuery) async throws -> [MetadataTitle] {
        [MetadataTitle(id: "1", kind: .movie, title: query.text)]
    }

    func movie(_ id: String) async throws -> MetadataTitle { MetadataTitle(id: id, kind: .movie, title: "m") }
    func series(_ id: String) async throws -> MetadataTitle { MetadataTitle(id: id, kind: .series, title: "s") }

    func season(_ number: Int, of seriesID: String) async throws -> MetadataSeason {
        MetadataSeason(number: number, name: seriesID, episodes: [])
    }

    func find(source: String, id: String) async throws -> [MetadataTitle] {
        [MetadataTitle(id: source + id, kind: .movie, title: "f")]
    }

    func images(for id: String, kind: Open<MetadataTitle.Kind>) async throws -> [MetadataImage] {
        [MetadataImage(.poster, url: "\(id)/\(kind)")]
    }

    func supportedEvents() async throws -> [Open<NotificationEvent.Kind>] { [.known(.imported), .unknown("new")] }

    func notify(_ event: NotificationEvent) async throws {
        if event.id == "defect" { throw Defect(secret: "hunter2") }
        if event.id == "wait" { try await Task.sleep(for: .seconds(3600)) }
        throw Echo.said("\(event.kind) \(event.details["n"]?.integer ?? 0)")
    }
}

/// An answer in the form of an error, for methods that have no result.
enum Echo {
    static func said(_ text: String) -> PluginError { PluginError(.conflict, text) }
}

struct Defect: Error {
    let secret: String
}

/// A host that offers nothing.
struct NoServices: HostServices {
    var now: Date { Date(timeIntervalSince1970: 0) }
    func send(_ request: ServiceRequest) async throws -> ServiceResponse { throw PluginError(.unsupported, "") }
    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {}
    func value(for key: String) async throws -> Data? { nil }
    func setValue(_ value: Data?, for key: String) async throws {}
    func emit(_ event: String, details: [String: JSONValue]) {}
}
