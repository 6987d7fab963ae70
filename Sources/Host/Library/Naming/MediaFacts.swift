/// What the library knows about a movie, as far as names need it.
struct MovieFacts: Hashable, Sendable {
    var title: String
    var originalTitle: String?
    var year: Int?
    var tmdbID: Int?
    var imdbID: String?
    var collection: String?
    /// In seconds.
    var duration: Double?

    init(title: String, year: Int? = nil) {
        self.title = title
        self.year = year
    }
}

/// What the library knows about a series.
struct SeriesFacts: Hashable, Sendable {
    /// Which of the three file formats the series uses.
    enum Kind: String, Hashable, Sendable, Codable {
        case standard, daily, anime
    }

    var title: String
    var originalTitle: String?
    var year: Int?
    var tmdbID: Int?
    var tvdbID: Int?
    var imdbID: String?
    var kind = Kind.standard
    /// The usual length of an episode in seconds.
    var duration: Double?
    var episodes: [EpisodeFacts]

    init(title: String, episodes: [EpisodeFacts]) {
        self.title = title
        self.episodes = episodes
    }
}

/// One episode that the library knows.
struct EpisodeFacts: Hashable, Sendable {
    /// The library's id of it.
    var id: String
    var season: Int
    var number: Int
    /// The number that counts through all seasons.
    var absolute: Int?
    var title: String?
    /// "2024-01-15".
    var airDate: String?

    init(id: String, season: Int, number: Int, title: String? = nil) {
        self.id = id
        self.season = season
        self.number = number
        self.title = title
    }

    /// A day as `airDate` has it.
    static func airDate(year: Int, month: Int, day: Int) -> String {
        [(year, 4), (month, 2), (day, 2)].map(NamingFormat.padded).joined(separator: "-")
    }
}
