public import struct FoundationEssentials.Data

// The protocol documents its methods.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// A download client behind a transport.
public struct RemoteDownloadClient: DownloadClient {
    private let calls: RemoteCalls

    /// A proxy; ending the instance is the business of whoever owns the transport.
    public init(_ transport: any PluginTransport, deadlines: CallDeadlines = CallDeadlines()) {
        calls = RemoteCalls(transport: transport, deadlines: deadlines)
    }

    public func test() async throws -> ConnectionReport { try await calls.test() }

    public func options(for source: String) async throws -> [SettingsField.Option] {
        try await calls.options(for: source)
    }

    public func add(_ request: AddDownload, file: Data?) async throws -> AddedDownload {
        try await calls.call("download.add", request, file: file, within: calls.deadlines.add)
    }

    public func changes(since cursor: String?) async throws -> DownloadChanges {
        try await calls.call("download.changes", ChangesParameters(cursor: cursor), within: calls.deadlines.list)
    }

    public func item(_ id: String) async throws -> DownloadItem? {
        try await calls.call("download.item", IDParameters(id: id), as: ItemResult.self).item
    }

    public func files(of id: String) async throws -> [DownloadFile] {
        try await calls.call(
            "download.files",
            IDParameters(id: id),
            as: FilesResult.self,
            within: calls.deadlines.list
        ).files
    }

    public func remove(_ id: String, deletingData: Bool) async throws {
        let parameters = RemoveParameters(id: id, deletingData: deletingData)
        _ = try await calls.call("download.remove", parameters, as: None.self, within: calls.deadlines.list)
    }

    public func pause(_ id: String) async throws {
        _ = try await calls.call("download.pause", IDParameters(id: id), as: None.self)
    }

    public func resume(_ id: String) async throws {
        _ = try await calls.call("download.resume", IDParameters(id: id), as: None.self)
    }

    public func pauseAll() async throws {
        _ = try await calls.call("download.pauseAll", None(), as: None.self)
    }

    public func resumeAll() async throws {
        _ = try await calls.call("download.resumeAll", None(), as: None.self)
    }

    public func retry(_ id: String) async throws {
        _ = try await calls.call("download.retry", IDParameters(id: id), as: None.self)
    }

    public func prioritize(_ request: Prioritization) async throws {
        _ = try await calls.call("download.prioritize", request, as: None.self)
    }

    public func availability(of fileIndex: Int, in id: String) async throws -> FileAvailability {
        try await calls.call("download.availability", AvailabilityParameters(id: id, fileIndex: fileIndex))
    }

    public func inspect(_ request: SourceInspection) async throws -> InspectedSource {
        try await calls.call("download.inspect", request, within: calls.deadlines.inspect)
    }
}
