import PluginAPI

/// Reads whole titles: one request for each, with all that belongs to it.
struct TitleReader: Sendable {
    private static let movieParts =
        "credits,images,release_dates,external_ids,alternative_titles,videos,translations"
    private static let seriesParts =
        "aggregate_credits,images,content_ratings,external_ids,alternative_titles,videos,translations"

    let answers: Answers
    let language: Language
    let region: String
    let address: PictureAddress

    func title(_ id: TMDBID, _ kind: MetadataTitle.Kind) async throws -> MetadataTitle {
        let path = kind == .movie ? "/movie/\(id)" : "/tv/\(id)"
        let query: Service.Query = [
            ("language", language.tag), ("append_to_response", kind == .movie ? Self.movieParts : Self.seriesParts),
            ("include_image_language", languages + ",null"), ("include_video_language", languages),
        ]
        async let record = answers.value(Record.self, path, query)
        async let maker = maker()
        return try await maker.title(record, kind)
    }

    func images(_ id: TMDBID, _ kind: MetadataTitle.Kind) async throws -> [MetadataImage] {
        // Without a language TMDB sends the pictures of all.
        let path = (kind == .movie ? "/movie/\(id)" : "/tv/\(id)") + "/images"
        async let lists = answers.value(Record.ImageLists.self, path)
        async let maker = maker()
        return try await maker.images(lists)
    }

    func maker(_ other: Language? = nil) async -> TitleMaker {
        TitleMaker(language: other ?? language, region: region, pictures: await address.pictures())
    }

    private var languages: String { language.code == "en" ? "en" : language.code + ",en" }
}
