// The protocol documents its methods.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// A catalogue behind a transport.
public struct RemoteMetadataProvider: MetadataProvider {
    private let calls: RemoteCalls

    /// A proxy; ending the instance is the business of whoever owns the transport.
    public init(_ transport: any PluginTransport, deadlines: CallDeadlines = CallDeadlines()) {
        calls = RemoteCalls(transport: transport, deadlines: deadlines)
    }

    public func test() async throws -> ConnectionReport { try await calls.test() }

    public func options(for source: String) async throws -> [SettingsField.Option] {
        try await calls.options(for: source)
    }

    public func search(_ query: MetadataQuery) async throws -> [MetadataTitle] {
        try await calls.call("metadata.search", query, as: TitlesResult.self, within: calls.deadlines.list).titles
    }

    public func movie(_ id: String) async throws -> MetadataTitle {
        try await calls.call("metadata.movie", IDParameters(id: id))
    }

    public func series(_ id: String) async throws -> MetadataTitle {
        try await calls.call("metadata.series", IDParameters(id: id))
    }

    public func season(_ number: Int, of seriesID: String) async throws -> MetadataSeason {
        try await calls.call("metadata.season", SeasonParameters(number: number, seriesID: seriesID))
    }

    public func find(source: String, id: String) async throws -> [MetadataTitle] {
        try await calls.call("metadata.find", FindParameters(source: source, id: id), as: TitlesResult.self).titles
    }

    public func images(for id: String, kind: Open<MetadataTitle.Kind>) async throws -> [MetadataImage] {
        try await calls.call("metadata.images", ImagesParameters(id: id, kind: kind), as: ImagesResult.self).images
    }
}
