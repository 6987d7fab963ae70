/// A site or service that lists releases.
///
/// The wire name of each method is `indexer.` and the method's name.
public protocol Indexer: Provider {
    /// What can be searched for.
    func capabilities() async throws -> IndexerCapabilities

    /// Releases that match, best first as the indexer sees it. None is an empty list; a failure throws.
    func search(_ query: ReleaseQuery) async throws -> [Release]

    /// The bytes of a release's .torrent or NZB, or its magnet.
    func fetch(_ link: String) async throws -> ReleaseContent
}
