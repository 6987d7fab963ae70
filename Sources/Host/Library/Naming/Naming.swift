/// Names for what goes into the library.
///
/// All paths are relative to the root folder.
struct Naming: Hashable, Sendable {
    let settings: NamingSettings
    private let movieFolder: NamingFormat
    private let movieFile: NamingFormat
    private let seriesFolder: NamingFormat
    private let seasonFolder: NamingFormat
    private let episodeFiles: [SeriesFacts.Kind: NamingFormat]

    /// Checks all formats.
    ///
    /// - Throws: the first format's fault, and for a file format without anything that tells two works apart.
    init(_ settings: NamingSettings = .init()) throws(NamingFormat.Refusal) {
        self.settings = settings
        movieFolder = try Self.format(
            settings.movieFolder,
            needing: [.title, .cleanTitle, .originalTitle, .originalCleanTitle, .tmdbID]
        )
        movieFile = try Self.format(
            settings.movieFile,
            needing: [.title, .cleanTitle, .originalTitle, .originalCleanTitle, .tmdbID]
        )
        seriesFolder = try Self.format(
            settings.seriesFolder,
            needing: [.title, .cleanTitle, .originalTitle, .originalCleanTitle, .tvdbID]
        )
        seasonFolder = try Self.format(settings.seasonFolder, needing: [.season])
        episodeFiles = [
            .standard: try Self.format(settings.episodeFile, needing: [.episode]),
            .daily: try Self.format(settings.dailyFile, needing: [.airDate, .episode]),
            .anime: try Self.format(settings.animeFile, needing: [.episode, .absolute]),
        ]
    }

    /// The folder of a movie.
    func folder(of movie: MovieFacts) -> String {
        path(movieFolder.render(NamingValues(movie, settings), settings))
    }

    /// The file of a movie with its folder.
    ///
    /// - Parameter suffix: the ending with its dot, ".mkv" or ".en.srt".
    func file(of movie: MovieFacts, release: ReleaseName, suffix: String) -> String {
        var values = NamingValues(movie, settings)
        values.add(release)
        return path([folder(of: movie)] + movieFile.render(values, settings, suffix: suffix))
    }

    /// The folder of a series.
    func folder(of series: SeriesFacts) -> String {
        path(seriesFolder.render(NamingValues(series, [], settings), settings))
    }

    /// The file of some episodes of one season with its folders.
    ///
    /// A daily series whose episode has no date is named like any other.
    func file(of episodes: [EpisodeFacts], in series: SeriesFacts, release: ReleaseName, suffix: String) -> String {
        var values = NamingValues(series, episodes, settings)
        values.add(release)
        let kind = series.kind == .daily && episodes.first?.airDate == nil ? .standard : series.kind
        let file = episodeFiles[kind]?.render(values, settings, suffix: suffix) ?? []
        return path([folder(of: series)] + seasonFolder.render(values, settings) + file)
    }

    private func path(_ components: [String]) -> String {
        components.joined(separator: "/")
    }

    private static func format(_ text: String, needing tokens: [NamingToken]) throws(NamingFormat.Refusal)
        -> NamingFormat
    {
        let format = try NamingFormat(text)
        guard tokens.contains(where: format.contains) else {
            let names = tokens.map { "{\($0.rawValue)}" }.joined(separator: ", ")
            throw NamingFormat.Refusal(description: "The naming format \"\(text)\" needs one of \(names).")
        }
        return format
    }
}
