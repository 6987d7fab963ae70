import PluginAPI

/// Turns what TMDB sends into what the server knows as a title.
struct TitleMaker: Sendable {
    /// Pictures of each kind that go with a title; all of them are asked for apart.
    private static let pictures = 10

    let language: Language
    let region: String
    let pictures: Pictures

    /// A row of a list.
    func row(_ record: Record, _ kind: MetadataTitle.Kind) -> MetadataTitle {
        var title = MetadataTitle(id: String(record.id), kind: kind, title: record.shownTitle)
        title.originalTitle = record.original
        title.originalLanguage = record.originalLanguage?.nonEmpty
        title.year = record.year
        title.overview = record.overview?.nonEmpty
        title.rating = record.voteAverage
        title.votes = record.voteCount
        title.popularity = record.popularity
        title.externalIDs["tmdb"] = String(record.id)
        title.images = gallery.images(nil, poster: record.posterPath, backdrop: record.backdropPath, most: 1)
        return title
    }

    /// A whole title, with what was appended to the request.
    func title(_ record: Record, _ kind: MetadataTitle.Kind) -> MetadataTitle {
        let wording = Wording(record: record, language: language)
        var title = row(record, kind)
        title.title = wording.title
        title.overview = wording.overview
        title.tagline = wording.tagline
        title.alternativeTitles = wording.otherTitles
        title.runtime = runtime(record)
        title.genres = (record.genres ?? []).compactMap { $0.name?.nonEmpty }
        title.status = record.status?.nonEmpty
        title.website = record.homepage?.nonEmpty
        title.studio = record.productionCompanies?.first?.name?.nonEmpty
        title.trailer = trailer(record)
        title.networks = kind == .series ? (record.networks ?? []).compactMap { $0.name?.nonEmpty } : nil
        title.seasons = kind == .series ? (record.seasons ?? []).compactMap(\.seasonNumber).sorted() : nil
        title.collection = record.belongsToCollection.flatMap { collection in
            collection.id.map { .init(id: String($0), name: collection.name ?? "") }
        }
        title.credits = Credits(record: record, pictures: pictures).all
        title.externalIDs.merge(externalIDs(record)) { _, new in new }
        title.images = gallery.images(
            record.images,
            poster: record.posterPath,
            backdrop: record.backdropPath,
            most: Self.pictures
        )
        addReleases(of: record, to: &title)
        return title
    }

    /// Every picture that TMDB has of a title.
    func images(_ lists: Record.ImageLists) -> [MetadataImage] {
        gallery.images(lists, poster: nil, backdrop: nil, most: 200)
    }

    private var gallery: Gallery { Gallery(language: language, pictures: pictures) }

    private func runtime(_ record: Record) -> Int? {
        let minutes = record.runtime ?? record.episodeRunTime?.first ?? record.lastEpisodeToAir?.runtime
        return minutes.flatMap { $0 > 0 ? $0 : nil }
    }

    private func externalIDs(_ record: Record) -> [String: String] {
        var ids: [String: String] = [:]
        ids["imdb"] = (record.externalIds?.imdbId ?? record.imdbId)?.nonEmpty
        ids["tvdb"] = record.externalIds?.tvdbId.map { String($0) }
        ids["wikidata"] = record.externalIds?.wikidataId?.nonEmpty
        return ids
    }

    private func addReleases(of record: Record, to title: inout MetadataTitle) {
        let releases = Releases(record)
        title.certifications = releases.certifications
        title.certification = releases.certifications[region]
        title.regionalReleaseDates = releases.dates
        title.releaseDates = releases.dates(in: region)
        if title.kind == .series {
            title.releaseDates["first_aired"] = record.firstAirDate?.nonEmpty
            title.releaseDates["last_aired"] = record.lastAirDate?.nonEmpty
        } else {
            title.releaseDates["cinema"] = title.releaseDates["cinema"] ?? record.releaseDate?.nonEmpty
        }
    }

    /// The YouTube id of the best trailer: in the wanted language, then official, then any.
    private func trailer(_ record: Record) -> String? {
        let trailers = (record.videos?.results ?? []).filter { $0.site == "YouTube" && $0.type == "Trailer" }
        let isWanted = { (video: Record.Video) in video.iso6391 == language.code }
        let best =
            trailers.first { isWanted($0) && $0.official == true } ?? trailers.first(where: isWanted)
            ?? trailers.first { $0.official == true } ?? trailers.first
        return best?.key?.nonEmpty
    }
}
