/// A catalogue of movies and series.
///
/// The wire name of each method is `metadata.` and the method's name.
public protocol MetadataProvider: Provider {
    /// Titles that match, best first.
    func search(_ query: MetadataQuery) async throws -> [MetadataTitle]

    /// All that the catalogue knows of a movie.
    ///
    /// - Throws: `PluginError` with `.notFound` for an unknown id.
    func movie(_ id: String) async throws -> MetadataTitle

    /// All that the catalogue knows of a series, but for its episodes.
    ///
    /// - Throws: `PluginError` with `.notFound` for an unknown id.
    func series(_ id: String) async throws -> MetadataTitle

    /// A season with its episodes; 0 is the specials.
    ///
    /// - Throws: `PluginError` with `.notFound` for an unknown series or season.
    func season(_ number: Int, of seriesID: String) async throws -> MetadataSeason

    /// The titles that another catalogue knows as `id`, for example source "imdb", id "tt0063350".
    func find(source: String, id: String) async throws -> [MetadataTitle]

    /// The pictures of a title, the one to be shown first.
    ///
    /// - Throws: `PluginError` with `.notFound` for an unknown id.
    func images(for id: String, kind: Open<MetadataTitle.Kind>) async throws -> [MetadataImage]
}
