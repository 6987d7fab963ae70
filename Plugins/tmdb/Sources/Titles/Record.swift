/// A movie or series as TMDB sends it: a row of a list, or the whole with what was appended to the request.
///
/// The two kinds differ in the names of some members only. Everything but the id may be absent or null.
struct Record: Sendable, Decodable {
    var id: Int
    /// Of the rows of a mixed list: "movie", "tv" or "person".
    var mediaType: String?
    var title, name: String?
    var originalTitle, originalName: String?
    var originalLanguage: String?
    var overview, tagline: String?
    var releaseDate, firstAirDate, lastAirDate: String?
    var posterPath, backdropPath: String?
    var voteAverage, popularity: Double?
    var voteCount: Int?
    var genres: [Named]?
    var runtime: Int?
    var episodeRunTime: [Int]?
    var lastEpisodeToAir: LastEpisode?
    var status, homepage: String?
    var imdbId: String?
    var productionCompanies, networks, createdBy: [Named]?
    var belongsToCollection: Collection?
    var seasons: [SeasonRow]?

    // Appended to the request.
    var credits, aggregateCredits: Credits?
    var images: ImageLists?
    var releaseDates: Results<RegionalReleases>?
    var contentRatings: Results<ContentRating>?
    var externalIds: ExternalIDs?
    var alternativeTitles: AlternativeTitles?
    var videos: Results<Video>?
    var translations: Translations?

    struct Named: Sendable, Decodable { var name: String? }

    struct Collection: Sendable, Decodable {
        var id: Int?
        var name: String?
    }

    struct SeasonRow: Sendable, Decodable { var seasonNumber: Int? }

    struct LastEpisode: Sendable, Decodable { var runtime: Int? }

    struct Results<Element: Sendable & Decodable>: Sendable, Decodable { var results: [Element]? }

    struct RegionalReleases: Sendable, Decodable {
        struct Release: Sendable, Decodable {
            var certification: String?
            var releaseDate: String?
            var type: Int?
        }

        var iso31661: String?
        var releaseDates: [Release]?
    }

    struct ContentRating: Sendable, Decodable {
        var iso31661: String?
        var rating: String?
    }

    struct ExternalIDs: Sendable, Decodable {
        var imdbId: String?
        var tvdbId: Int?
        var wikidataId: String?
    }

    struct AlternativeTitles: Sendable, Decodable {
        struct Title: Sendable, Decodable { var title: String? }

        /// Of a movie.
        var titles: [Title]?
        /// Of a series.
        var results: [Title]?
    }

    struct Video: Sendable, Decodable {
        var iso6391: String?
        var key: String?
        var site: String?
        var type: String?
        var official: Bool?
    }

    struct Translations: Sendable, Decodable {
        struct Translation: Sendable, Decodable {
            struct Texts: Sendable, Decodable {
                var title, name: String?
                var overview, tagline: String?
            }

            var iso6391: String?
            var iso31661: String?
            var data: Texts?
        }

        var translations: [Translation]?
    }

    struct Credits: Sendable, Decodable {
        struct Person: Sendable, Decodable {
            struct Role: Sendable, Decodable { var character: String? }
            struct Job: Sendable, Decodable { var job: String? }

            var name: String?
            var order: Int?
            var profilePath: String?
            /// In the credits of a movie.
            var character, job: String?
            /// In the credits of all seasons together.
            var roles: [Role]?
            var jobs: [Job]?
        }

        var cast, crew: [Person]?
    }

    struct ImageLists: Sendable, Decodable {
        struct Image: Sendable, Decodable {
            var filePath: String?
            var iso6391: String?
            var width, height: Int?
        }

        var posters, backdrops, logos: [Image]?
    }
}

extension Record {
    /// The title in the language of the question, or, where there is none in it, in the original one.
    var shownTitle: String { (title ?? name)?.nonEmpty ?? original ?? "" }

    /// The title in the language of its makers.
    var original: String? { (originalTitle ?? originalName)?.nonEmpty }

    /// Of the first release or broadcast, ISO 8601.
    var firstDate: String? { (releaseDate ?? firstAirDate)?.nonEmpty }

    var year: Int? { firstDate.flatMap { Int($0.prefix(4)) } }
}

extension String {
    /// The text; `nil` when it is empty, which is how TMDB says that there is none.
    var nonEmpty: String? { isEmpty ? nil : self }
}
