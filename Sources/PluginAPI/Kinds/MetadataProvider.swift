/// A catalogue of movies and series.
///
/// The wire name of each method is `metadata.` and the method's name.
public protocol MetadataProvider: Provider {
    /// Titles that match, best first.
    func search(_ query: MetadataQuery) async throws -> [MetadataTitle]

    /// - Throws: `PluginError` with `.notFound` for an unknown id.
    func movie(_ id: String) async throws -> MetadataTitle

    /// - Throws: `PluginError` with `.notFound` for an unknown id.
    func series(_ id: String) async throws -> MetadataTitle

    func season(_ number: Int, of seriesID: String) async throws -> MetadataSeason

    /// The titles that another catalogue knows as `id`, for example source "imdb", id "tt0063350".
    func find(source: String, id: String) async throws -> [MetadataTitle]

    func images(for id: String, kind: Open<MetadataTitle.Kind>) async throws -> [MetadataImage]
}
