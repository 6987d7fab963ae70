// The protocol documents its methods.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// An indexer behind a transport.
public struct RemoteIndexer: Indexer {
    private let calls: RemoteCalls

    /// A proxy; ending the instance is the business of whoever owns the transport.
    public init(_ transport: any PluginTransport, deadlines: CallDeadlines = CallDeadlines()) {
        calls = RemoteCalls(transport: transport, deadlines: deadlines)
    }

    public func test() async throws -> ConnectionReport { try await calls.test() }

    public func options(for source: String) async throws -> [SettingsField.Option] {
        try await calls.options(for: source)
    }

    public func capabilities() async throws -> IndexerCapabilities {
        try await calls.call("indexer.capabilities", None())
    }

    public func search(_ query: ReleaseQuery) async throws -> [Release] {
        try await calls.call(
            "indexer.search",
            query,
            as: ReleasesResult.self,
            within: calls.deadlines.list
        ).releases
    }

    public func fetch(_ link: String) async throws -> ReleaseContent {
        let answer = try await calls.callWithFile(
            "indexer.fetch",
            LinkParameters(link: link),
            as: ReleaseContent.self,
            within: calls.deadlines.list
        )
        var content = answer.result
        content.file = answer.file
        return content
    }
}
