import PluginAPI

/// The Movie Database, through version 3 of its API.
struct TMDBProvider: Plugin, MetadataProvider {
    static let manifest = TMDBManifest.manifest

    private let settings: TMDBSettings
    private let service: Service
    private let reader: TitleReader
    private let searcher: Searcher

    /// - Throws: `PluginError` with `.invalid` and the field when a setting makes no sense.
    init(settings: TMDBSettings, host: any HostServices) throws {
        try self.init(settings: settings, host: host, tools: .system)
    }

    init(settings: TMDBSettings, host: any HostServices, tools: Service.Tools) throws {
        guard let language = Language(settings.language) else {
            throw PluginError(.invalid, "A language is written like en-US or de-DE.", field: "language")
        }
        guard settings.region.utf8.count == 2, settings.region.allSatisfy({ $0.isASCII && $0.isLetter }) else {
            throw PluginError(.invalid, "A country has two letters, like US or DE.", field: "region")
        }
        let service = try Service(settings: settings, host: host, tools: tools)
        let answers = Answers(service: service)
        self.settings = settings
        self.service = service
        reader = TitleReader(
            answers: answers,
            language: language,
            region: settings.region.uppercased(),
            address: PictureAddress(settings: settings, answers: answers)
        )
        searcher = Searcher(reader: reader, includesAdult: settings.includeAdult)
    }

    // MARK: Provider

    func test() async throws -> ConnectionReport {
        try await ConnectionTest(service: service, settings: settings).run()
    }

    func options(for source: String) async throws -> [SettingsField.Option] {
        try await Choices(service: service).options(for: source)
    }

    // MARK: MetadataProvider

    func search(_ query: MetadataQuery) async throws -> [MetadataTitle] {
        try await searcher.search(query)
    }

    func movie(_ id: String) async throws -> MetadataTitle {
        try await reader.title(TMDBID(id), .movie)
    }

    func series(_ id: String) async throws -> MetadataTitle {
        try await reader.title(TMDBID(id), .series)
    }

    func season(_ number: Int, of seriesID: String) async throws -> MetadataSeason {
        try await SeasonReader(reader: reader).season(number, of: TMDBID(seriesID))
    }

    func find(source: String, id: String) async throws -> [MetadataTitle] {
        try await searcher.find(source: source, id: id)
    }

    func images(for id: String, kind: Open<MetadataTitle.Kind>) async throws -> [MetadataImage] {
        guard let kind = kind.value else {
            throw PluginError(
                .unsupported,
                "TMDB has pictures of movies and series, not of \(kind.text).",
                field: "kind"
            )
        }
        return try await reader.images(TMDBID(id), kind)
    }
}
