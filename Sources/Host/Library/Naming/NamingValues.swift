/// The values of tokens for one name.
struct NamingValues: Hashable, Sendable {
    private(set) var texts: [NamingToken: String] = [:]
    /// Season, episodes and absolute numbers, which formats fill with zeros.
    private(set) var numbers: [NamingToken: [Int]] = [:]

    subscript(token: NamingToken) -> String? {
        get { texts[token] }
        set { texts[token] = newValue.flatMap { $0.isEmpty ? nil : $0 } }
    }

    /// The values of a movie.
    init(_ movie: MovieFacts, _ settings: NamingSettings) {
        addTitle(movie.title, original: movie.originalTitle, year: movie.year, settings)
        self[.tmdbID] = movie.tmdbID.map(String.init)
        self[.imdbID] = movie.imdbID
        self[.mediaID] = Self.mediaID("tmdb", movie.tmdbID, settings)
        let cleaning = NameCleaning(colon: settings.colon)
        self[.collection] = movie.collection.map(cleaning.value)
        self[.cleanCollection] = movie.collection.map(cleaning.cleanValue)
    }

    /// The values of a series, and of some of its episodes, which belong to one season.
    init(_ series: SeriesFacts, _ episodes: [EpisodeFacts], _ settings: NamingSettings) {
        addTitle(series.title, original: series.originalTitle, year: series.year, settings)
        self[.tmdbID] = series.tmdbID.map(String.init)
        self[.tvdbID] = series.tvdbID.map(String.init)
        self[.imdbID] = series.imdbID
        self[.mediaID] = Self.mediaID("tmdb", series.tmdbID, settings)
        self[.seriesID] = Self.mediaID("tvdb", series.tvdbID, settings) ?? self[.mediaID]
        guard let first = episodes.first else { return }
        numbers[.season] = [first.season]
        numbers[.episode] = episodes.map(\.number)
        numbers[.absolute] = episodes.compactMap(\.absolute)
        self[.airDate] = first.airDate
        let cleaning = NameCleaning(colon: settings.colon)
        let titles = Self.jointTitle(episodes)
        self[.episodeTitle] = cleaning.value(titles)
        self[.episodeCleanTitle] = cleaning.cleanValue(titles)
    }

    /// Adds what the release tells about the file.
    mutating func add(_ release: ReleaseName) {
        let marks = (release.isProper ? " Proper" : "") + (release.repack > 0 ? " Repack" : "")
        self[.quality] = release.quality.name
        self[.qualityFull] = release.quality.name + marks
        self[.resolution] = release.quality.resolution?.name
        self[.source] = release.quality.source?.name
        self[.proper] = release.isProper ? "Proper" : nil
        self[.repack] = release.repack > 0 ? "Repack" : nil
        self[.videoCodec] = release.videoCodec
        self[.hdr] = release.hdr.joined(separator: " ")
        self[.bitDepth] = release.bitDepth.map(String.init)
        self[.threeD] = release.is3D ? "3D" : nil
        self[.audioCodec] = release.audioCodec.map { $0 + (release.hasAtmos ? " Atmos" : "") }
        self[.audioChannels] = release.audioChannels
        self[.audioLanguages] = release.languages.map { $0.uppercased() }.joined(separator: "+")
        self[.releaseGroup] = release.group.map(NameCleaning().value)
        self[.edition] = release.edition
    }

    private mutating func addTitle(_ title: String, original: String?, year: Int?, _ settings: NamingSettings) {
        let cleaning = NameCleaning(colon: settings.colon)
        self[.title] = cleaning.value(title)
        self[.cleanTitle] = cleaning.cleanValue(title)
        self[.originalTitle] = cleaning.value(original ?? title)
        self[.originalCleanTitle] = cleaning.cleanValue(original ?? title)
        self[.year] = year.map(String.init)
    }

    private static func mediaID(_ catalogue: String, _ id: Int?, _ settings: NamingSettings) -> String? {
        guard let id else { return nil }
        return switch settings.mediaServer {
        case .plex: "{\(catalogue)-\(id)}"
        case .jellyfin: "[\(catalogue)id-\(id)]"
        }
    }

    /// The titles of all episodes, each once.
    private static func jointTitle(_ episodes: [EpisodeFacts]) -> String {
        var titles: [String] = []
        for case let title? in episodes.map(\.title) where !titles.contains(title) { titles.append(title) }
        return titles.joined(separator: " + ")
    }
}
