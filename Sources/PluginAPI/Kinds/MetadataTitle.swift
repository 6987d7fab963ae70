/// What to look for in a catalogue.
public struct MetadataQuery: Hashable, Sendable, Codable {
    /// The words of a title.
    public var text: String
    /// Only movies or only series; both when absent.
    public var kind: Open<MetadataTitle.Kind>?
    /// Of the first release or broadcast.
    public var year: Int?
    /// BCP 47, for example "en-US", in which the answer is wanted.
    public var language: String?

    /// A search of all kinds, years and languages.
    public init(text: String) {
        self.text = text
    }
}

/// A movie or series of a catalogue.
///
/// A search fills only what a list needs.
public struct MetadataTitle: Hashable, Sendable, Codable {
    /// What a title is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case movie, series
    }

    /// The catalogue's own id.
    public var id: String
    /// What the title is.
    public var kind: Open<Kind>
    /// In the language that was asked for.
    public var title: String
    /// In the language of its makers; key `original_title`.
    public var originalTitle: String?
    /// The language of its makers, ISO 639-1; key `original_language`.
    public var originalLanguage: String?
    /// Of the first release or broadcast.
    public var year: Int?
    /// What it is about, in some sentences.
    public var overview: String?
    /// The line on the poster.
    public var tagline: String?
    /// Minutes.
    public var runtime: Int?
    /// Names of genres in the language that was asked for.
    public var genres: [String]
    /// For example "PG-13".
    public var certification: String?
    /// The mean of the votes, 0 to 10.
    public var rating: Double?
    /// Ids in other catalogues, by source: "imdb", "tmdb", "tvdb".
    ///
    /// Key `external_ids`.
    public var externalIDs: [String: String]
    /// ISO 8601 dates by kind: "cinema", "digital", "physical", "first_aired".
    ///
    /// Key `release_dates`.
    public var releaseDates: [String: String]
    /// Titles in other countries, for matching releases; key `alternative_titles`.
    public var alternativeTitles: [String]
    /// The numbers of the seasons that there are, 0 being the specials; `nil` for a movie.
    public var seasons: [Int]?
    /// Pictures, the one to be shown first.
    public var images: [MetadataImage]
    /// How far its making or its broadcast is, in the catalogue's own words, for example "Released".
    public var status: String?
    /// Who has made it.
    public var studio: String?
    /// Who has broadcast it first.
    public var networks: [String]?
    /// Its page in the web.
    public var website: String?
    /// The YouTube id of a trailer.
    public var trailer: String?
    /// How many votes `rating` is the mean of.
    public var votes: Int?
    /// The catalogue's own measure, of use for ordering only.
    public var popularity: Double?
    /// The series of movies that it belongs to.
    public var collection: MetadataCollection?
    /// Certifications by country (ISO 3166-1, two letters).
    public var certifications: [String: String]?
    /// As `releaseDates`, by country (ISO 3166-1, two letters); key `regional_release_dates`.
    public var regionalReleaseDates: [String: [String: String]]?
    /// Who has taken part, the most important first.
    public var credits: [MetadataCredit]?

    private enum CodingKeys: String, CodingKey {
        case id, kind, title, year, overview, tagline, runtime, genres, certification, rating, seasons, images
        case status, studio, networks, website, trailer, votes, popularity, collection, certifications, credits
        case regionalReleaseDates = "regional_release_dates"
        case originalTitle = "original_title"
        case originalLanguage = "original_language"
        case externalIDs = "external_ids"
        case releaseDates = "release_dates"
        case alternativeTitles = "alternative_titles"
    }

    /// A title of which no more than its name is known.
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
    /// One broadcast or file of a season.
    public struct Episode: Hashable, Sendable, Codable {
        /// Within the season, counted from 1.
        public var number: Int
        /// The title of the episode; empty while it has none.
        public var title: String
        /// What it is about.
        public var overview: String?
        /// ISO 8601 date.
        public var aired: String?
        /// Minutes.
        public var runtime: Int?
        /// The address of a still.
        public var image: String?

        /// An episode of which only the title is known.
        public init(number: Int, title: String) {
            self.number = number
            self.title = title
        }
    }

    /// 0 for the specials.
    public var number: Int
    /// What the season is called, for example "Season 2".
    public var name: String
    /// What the season is about.
    public var overview: String?
    /// In the order of their numbers.
    public var episodes: [Episode]

    /// A season with the episodes that are known so far.
    public init(number: Int, name: String, episodes: [Episode]) {
        self.number = number
        self.name = name
        self.episodes = episodes
    }
}

/// A picture that belongs to a title.
public struct MetadataImage: Hashable, Sendable, Codable {
    /// What a picture shows, and so its shape.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case poster, backdrop, logo, still
    }

    /// What the picture shows.
    public var kind: Open<Kind>
    /// Where it can be fetched without credentials.
    public var url: String
    /// ISO 639-1 of the text in the picture; `nil` when it has none.
    public var language: String?
    /// In pixels.
    public var width: Int?
    /// In pixels.
    public var height: Int?

    /// A picture of unknown size and language.
    public init(_ kind: Kind, url: String) {
        self.kind = .known(kind)
        self.url = url
    }
}
