import PluginAPI

/// Looks titles up by words and by ids of other catalogues.
struct Searcher: Sendable {
    /// A page of a list, which holds up to 20 rows.
    struct Page: Sendable, Decodable { var results: [Record]? }

    /// The answer of `/find`.
    struct Found: Sendable, Decodable {
        struct Episode: Sendable, Decodable { var showId: Int? }

        var movieResults, tvResults: [Record]?
        var tvEpisodeResults, tvSeasonResults: [Episode]?
    }

    /// The catalogues whose ids TMDB knows, by the name that they have here.
    private static let sources = ["imdb": "imdb_id", "tvdb": "tvdb_id", "wikidata": "wikidata_id"]

    let reader: TitleReader
    let includesAdult: Bool

    private var answers: Answers { reader.answers }

    func search(_ query: MetadataQuery) async throws -> [MetadataTitle] {
        let language = try language(query.language)
        switch SearchText(query.text).wish {
        case .number(let id, let isMovie):
            return try await titles(with: id, isMovie.map { $0 ? .movie : .series } ?? query.kind?.value)
        case .external(let source, let id):
            return try await find(source: source, id: id, language).filter { fits($0, query.kind) }
        case .words(let words, let year):
            guard !words.isEmpty else { throw PluginError(.invalid, "Enter what to look for.", field: "text") }
            return try await search(words, query.year ?? year, query.kind, language)
        }
    }

    func find(source: String, id: String) async throws -> [MetadataTitle] {
        if source == "tmdb" { return try await titles(with: id, nil) }
        return try await find(source: source, id: id, reader.language)
    }

    private func language(_ text: String?) throws -> Language {
        guard let text else { return reader.language }
        guard let language = Language(text) else {
            throw PluginError(.invalid, "A language is written like de or de-DE.", field: "language")
        }
        return language
    }

    private func fits(_ title: MetadataTitle, _ kind: Open<MetadataTitle.Kind>?) -> Bool {
        kind == nil || title.kind == kind
    }

    // MARK: Words

    private func search(
        _ words: String,
        _ year: Int?,
        _ kind: Open<MetadataTitle.Kind>?,
        _ language: Language
    ) async throws -> [MetadataTitle] {
        switch (kind?.value, year) {
        case (.movie, _): return try await rows("movie", words, year, language, .movie)
        case (.series, _): return try await rows("tv", words, year, language, .series)
        case (nil, nil): return try await rows("multi", words, nil, language, nil)
        case (nil, _):
            // The search in everything knows no year.
            async let movies = rows("movie", words, year, language, .movie)
            async let series = rows("tv", words, year, language, .series)
            return try await (movies + series).sorted { ($0.popularity ?? 0) > ($1.popularity ?? 0) }
        }
    }

    private func rows(
        _ place: String,
        _ words: String,
        _ year: Int?,
        _ language: Language,
        _ kind: MetadataTitle.Kind?
    ) async throws -> [MetadataTitle] {
        let maker = await reader.maker(language)
        let list = try await complete(language) { language in
            var query: Service.Query = [
                ("query", words), ("language", language.tag), ("include_adult", String(includesAdult)),
                ("page", "1"),
            ]
            if let year { query.append((place == "tv" ? "first_air_date_year" : "year", String(year))) }
            return try await answers.value(Page.self, "/search/\(place)", query).results ?? []
        }
        return list.filter { !$0.shownTitle.isEmpty }.compactMap { record in
            self.kind(of: record, kind).map { maker.row(record, $0) }
        }
    }

    /// Of a mixed list each row says what it is; people are left out.
    private func kind(of record: Record, _ kind: MetadataTitle.Kind?) -> MetadataTitle.Kind? {
        kind ?? (record.mediaType == "movie" ? .movie : record.mediaType == "tv" ? .series : nil)
    }

    /// A list whose gaps in the wanted language are filled from the same list in English, if there are any.
    private func complete(
        _ language: Language,
        _ list: @Sendable (Language) async throws -> [Record]
    ) async throws -> [Record] {
        var records = try await list(language)
        guard language.code != "en", records.contains(where: { isIncomplete($0, language) }) else { return records }
        let english = Dictionary(try await list(.english).map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
        for index in records.indices {
            guard let other = english[records[index].id] else { continue }
            if records[index].overview?.nonEmpty == nil { records[index].overview = other.overview }
            if lacksTitle(records[index], language) {
                records[index].title = other.title ?? records[index].title
                records[index].name = other.name ?? records[index].name
            }
        }
        return records
    }

    private func isIncomplete(_ record: Record, _ language: Language) -> Bool {
        record.mediaType != "person" && (record.overview?.nonEmpty == nil || lacksTitle(record, language))
    }

    private func lacksTitle(_ record: Record, _ language: Language) -> Bool {
        record.originalLanguage != language.code && record.shownTitle == record.original
            && record.originalLanguage != "en"
    }

    // MARK: Ids

    private func titles(with id: String, _ kind: MetadataTitle.Kind?) async throws -> [MetadataTitle] {
        let id = try TMDBID(id)
        let kinds = kind.map { [$0] } ?? MetadataTitle.Kind.allCases
        var found: [MetadataTitle] = []
        for kind in kinds {
            do {
                found.append(try await reader.title(id, kind))
            } catch let error as PluginError where error.code == .notFound {
                continue
            }
        }
        return found
    }

    private func find(source: String, id: String, _ language: Language) async throws -> [MetadataTitle] {
        guard let name = Self.sources[source] else {
            let known = (Self.sources.keys + ["tmdb"]).sorted().joined(separator: ", ")
            throw PluginError(.unsupported, "TMDB does not know ids of “\(source.prefix(40))”, but of \(known).")
        }
        let maker = await reader.maker(language)
        let ask: @Sendable (Language) async throws -> Found = { language in
            let query: Service.Query = [("external_source", name), ("language", language.tag)]
            return try await answers.value(Found.self, "/find/\(id.percentEncoded)", query)
        }
        let first = try await ask(language)
        let movies = try await complete(language) { try await ask($0).movieResults ?? [] }
        let series = try await complete(language) { try await ask($0).tvResults ?? [] }
        let titles = movies.map { maker.row($0, .movie) } + series.map { maker.row($0, .series) }
        guard titles.isEmpty else { return titles }
        // The id of an episode or a season leads to its series.
        let show = (first.tvEpisodeResults ?? []).first?.showId ?? (first.tvSeasonResults ?? []).first?.showId
        guard let show else { return [] }
        return try await self.titles(with: String(show), .series)
    }
}
