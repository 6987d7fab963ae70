import FoundationEssentials
import PluginAPI

/// What an indexer says that it can do.
struct Capabilities: Hashable, Sendable, Codable {
    /// A way of searching, `t=search` and so on.
    enum Function: String, Hashable, Sendable, Codable, CaseIterable {
        case search, movie, series = "tvsearch"
    }

    struct Category: Hashable, Sendable, Codable {
        var id: Int
        var name: String
    }

    /// What the server calls itself.
    var server: String?
    var version: String?
    /// The most releases in one answer.
    var limit: Int?
    /// With subcategories, which have the name of the category before theirs.
    var categories: [Category] = []
    /// The parameters of each way of searching that there is.
    var functions: [Function: Set<String>] = [:]

    /// Whether there is a way of searching and it takes a parameter.
    func takes(_ parameter: String, in function: Function) -> Bool {
        functions[function]?.contains(parameter) == true
    }

    /// In the words of the host.
    var forHost: IndexerCapabilities {
        let names = [
            ("text", "q"), ("year", "year"), ("imdb_id", "imdbid"), ("tmdb_id", "tmdbid"), ("tvdb_id", "tvdbid"),
            ("season", "season"), ("episode", "ep"),
        ]
        let known = functions.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        return IndexerCapabilities(
            categories: categories.map { .init(id: $0.id, name: $0.name) },
            parameters: names.filter { known.contains($0.1) }.map(\.0),
            limit: limit
        )
    }
}
