/// What to look for in a catalogue.
public struct MetadataQuery: Hashable, Sendable, Codable {
    public var text: String
    public var kind: Open<MetadataTitle.Kind>?
    public var year: Int?
    /// BCP 47, for example "en-US".
    public var language: String?

    public init(text: String) {
        self.text = text
    }
}

/// A movie or series of a catalogue. A search fills only what a list needs.
public struct MetadataTitle: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case movie, series
    }

    /// The catalogue's own id.
    public var id: String
    public var kind: Open<Kind>
    public var title: String
    public var originalTitle: String?
    public var originalLanguage: String?
    public var year: Int?
    public var overview: String?
    public var tagline: String?
    /// Minutes.
    public var runtime: Int?
    public var genres: [String]
    /// For example "PG-13".
    public var certification: String?
    /// 0 to 10.
    public var rating: Double?
    /// Ids in other catalogues, by source: "imdb", "tmdb", "tvdb".
    public var externalIDs: [String: String]
    /// ISO 8601 dates by kind: "cinema", "digital", "physical", "first_aired".
    public var releaseDates: [String: String]
    public var alternativeTitles: [String]
    public var seasons: [Int]?
    public var images: [MetadataImage]

    private enum CodingKeys: String, CodingKey {
        case id, kind, title, year, overview, tagline, runtime, genres, certification, rating, seasons, images
        case originalTitle = "original_title"
        case originalLanguage = "original_language"
        case externalIDs = "external_ids"
        case releaseDates = "release_dates"
        case alternativeTitles = "alternative_titles"
    }

    public init(id: String, kind: Kind, title: String) {
        self.id = id
        self.kind = .known(kind)
        self.title = title
        self.genres = []
        self.externalIDs = [:]
        self.releaseDates = [:]
        self.alternativeTitles = []
        self.images = []
    }
}

/// A season with its episodes.
public struct MetadataSeason: Hashable, Sendable, Codable {
    public struct Episode: Hashable, Sendable, Codable {
        public var number: Int
        public var title: String
        public var overview: String?
        /// ISO 8601 date.
        public var aired: String?
        /// Minutes.
        public var runtime: Int?
        public var image: String?

        public init(number: Int, title: String) {
            self.number = number
            self.title = title
        }
    }

    public var number: Int
    public var name: String
    public var overview: String?
    public var episodes: [Episode]

    public init(number: Int, name: String, episodes: [Episode]) {
        self.number = number
        self.name = name
        self.episodes = episodes
    }
}

/// A picture that belongs to a title.
public struct MetadataImage: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case poster, backdrop, logo, still
    }

    public var kind: Open<Kind>
    public var url: String
    public var language: String?
    public var width: Int?
    public var height: Int?

    public init(_ kind: Kind, url: String) {
        self.kind = .known(kind)
        self.url = url
    }
}
