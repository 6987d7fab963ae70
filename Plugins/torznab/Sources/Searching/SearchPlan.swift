import PluginAPI

/// The ways in which a query is put to an indexer, the most exact one first.
///
/// A later one is for when the earlier ones have found nothing, or the indexer does not know them after all.
struct SearchPlan: Hashable, Sendable {
    private(set) var attempts: [Query] = []

    private let query: ReleaseQuery
    private let capabilities: Capabilities
    private let categories: String?

    /// - Throws: `.unsupported` when the indexer knows no way to look for this.
    init(_ query: ReleaseQuery, _ capabilities: Capabilities, _ settings: TorznabSettings) throws {
        self.query = query
        self.capabilities = capabilities
        categories = Self.categories(query, capabilities, settings)
        switch query.kind.value {
        case .movie:
            addByID(.movie)
            addByText(.movie)
        case .series:
            addByID(.series)
            addByText(.series)
        default: break
        }
        addPlain()
        guard !attempts.isEmpty else { throw noWay }
    }

    private var text: String? {
        guard let text = query.text?.split(whereSeparator: \.isWhitespace).joined(separator: " "), !text.isEmpty else {
            return nil
        }
        return String(text.prefix(300))
    }

    /// The ids of the query, as the API writes them, the one that most indexers know first.
    private var ids: [(name: String, value: String)] {
        let imdb = query.imdbID.flatMap(ExternalID.imdb).map { ("imdbid", String($0.dropFirst(2))) }
        let tmdb = query.tmdbID.map { ("tmdbid", String($0)) }
        let tvdb = query.tvdbID.map { ("tvdbid", String($0)) }
        return (query.kind == .series ? [tvdb, imdb, tmdb] : [imdb, tmdb]).compactMap(\.self)
    }

    /// One id is enough, and some indexers take several for a search that nothing fits.
    private mutating func addByID(_ function: Capabilities.Function) {
        guard let id = ids.first(where: { capabilities.takes($0.name, in: function) }) else { return }
        guard var attempt = numbered(base(function), function) else { return }
        attempt[id.name] = id.value
        attempts.append(attempt)
    }

    private mutating func addByText(_ function: Capabilities.Function) {
        guard let text, capabilities.takes("q", in: function), var attempt = numbered(base(function), function) else {
            return
        }
        let takesYear = query.year != nil && capabilities.takes("year", in: function)
        attempt["q"] = takesYear || function == .series ? text : withYear(text)
        if takesYear { attempt["year"] = query.year.map(String.init) }
        attempts.append(attempt)
    }

    private mutating func addPlain() {
        guard capabilities.functions[.search] != nil else { return }
        var attempt = base(.search)
        if let text {
            guard capabilities.takes("q", in: .search) else { return }
            attempt["q"] = query.kind == .series ? text + numbers : withYear(text)
        } else if !(query.kind == .any && hasNoWishes) {
            // Without words it would be the list of all that is new.
            return
        }
        attempts.append(attempt)
    }

    private var hasNoWishes: Bool { ids.isEmpty && query.season == nil && query.year == nil }

    private func base(_ function: Capabilities.Function) -> Query {
        var base = Query(function.rawValue)
        base["extended"] = "1"
        base["cat"] = categories
        return base
    }

    /// With season and episode; `nil` when the function does not take what the query has.
    private func numbered(_ attempt: Query, _ function: Capabilities.Function) -> Query? {
        guard function == .series, let season = query.season else { return attempt }
        guard capabilities.takes("season", in: function) else { return nil }
        var attempt = attempt
        attempt["season"] = String(season)
        guard let episode = query.episode else { return attempt }
        guard capabilities.takes("ep", in: function) else { return nil }
        attempt["ep"] = String(episode)
        return attempt
    }

    /// " S01E02", as releases are called.
    private var numbers: String {
        guard let season = query.season else { return "" }
        return " S\(Self.padded(season))" + (query.episode.map { "E\(Self.padded($0))" } ?? "")
    }

    private func withYear(_ text: String) -> String {
        guard let year = query.year, !text.hasSuffix(" \(year)") else { return text }
        return "\(text) \(year)"
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func categories(
        _ query: ReleaseQuery,
        _ capabilities: Capabilities,
        _ settings: TorznabSettings
    ) -> String? {
        if let asked = query.categories, !asked.isEmpty { return list(asked) }
        guard let range = range(of: query.kind.value) else { return list(settings.categories) }
        // Numbers of the indexer's own may hold anything.
        let chosen = settings.categories.filter { range.contains($0) || $0 >= 100_000 }
        if !chosen.isEmpty { return list(chosen) }
        let known = capabilities.categories.map(\.id).filter { range.contains($0) && $0 % 1000 == 0 }
        return list(known)
    }

    /// The Newznab numbers of movies and of television.
    private static func range(of kind: ReleaseQuery.Kind?) -> Range<Int>? {
        switch kind {
        case .movie: 2000..<3000
        case .series: 5000..<6000
        case .any, nil: nil
        }
    }

    private static func list(_ categories: [Int]) -> String? {
        categories.isEmpty ? nil : categories.prefix(100).map(String.init).joined(separator: ",")
    }

    private var noWay: PluginError {
        let known = capabilities.forHost.parameters.joined(separator: ", ")
        return PluginError(
            .unsupported,
            "The indexer cannot search for this: it knows \(known.isEmpty ? "no search" : known). Search by a title as well."
        )
    }
}
