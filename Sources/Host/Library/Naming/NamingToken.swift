/// A value that a naming format can show, by the name that formats use.
enum NamingToken: String, Hashable, Sendable, CaseIterable {
    case title = "Title"
    case cleanTitle = "CleanTitle"
    case originalTitle = "OriginalTitle"
    case originalCleanTitle = "OriginalCleanTitle"
    case year = "Year"
    case tmdbID = "TmdbId"
    case tvdbID = "TvdbId"
    case imdbID = "ImdbId"
    /// `{tmdb-N}` or `[tmdbid-N]`, as the media server reads it.
    case mediaID = "MediaId"
    case seriesID = "SeriesId"
    case collection = "Collection"
    case cleanCollection = "CleanCollectionTitle"
    case quality = "Quality"
    /// The quality and " Proper" or " Repack".
    case qualityFull = "QualityFull"
    case resolution = "Resolution"
    case source = "Source"
    case proper = "Proper"
    case repack = "Repack"
    case videoCodec = "VideoCodec"
    case hdr = "HDR"
    case bitDepth = "BitDepth"
    case threeD = "3D"
    case audioCodec = "AudioCodec"
    case audioChannels = "AudioChannels"
    case audioLanguages = "AudioLanguages"
    case releaseGroup = "ReleaseGroup"
    case edition = "Edition"
    case season = "Season"
    case episode = "Episode"
    case episodeTitle = "EpisodeTitle"
    case episodeCleanTitle = "EpisodeCleanTitle"
    case absolute = "Absolute"
    case airDate = "AirDate"

    private static let byLowercase = Dictionary(
        uniqueKeysWithValues: allCases.map { ($0.rawValue.lowercased(), $0) }
    )

    /// Finds a token by its name in any mix of cases.
    static func named(_ name: some StringProtocol) -> NamingToken? {
        byLowercase[name.lowercased()]
    }
}
