import FoundationEssentials
import HTTPServer
import PluginAPI

/// Searches at the indexers: everything under `/api/search`.
///
/// What is found is downloaded through `POST /api/queue`.
struct SearchAPI: Sendable {
    let search: ReleaseSearch

    private static let longestText = 300
    private static let mostNumbers = 100

    func register(in routes: inout RouteTable) {
        routes.suspending(.get, "/api/search", .admin, Self.document, find)
        routes.suspending(.get, "/api/search/stream", .admin, Self.streamDocument, stream)
    }

    /// Who asks for server-sent events here gets them as well.
    private func find(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        if request.headers["Accept"]?.lowercased().contains("text/event-stream") == true {
            return try await stream(request, caller)
        }
        return .json(try await search.report(try Self.searchRequest(request.query)).json)
    }

    private func stream(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let events = try await search.events(try Self.searchRequest(request.query))
        let body = StreamBody {
            // Each turn goes on where the last one ended: a stream keeps what nobody has taken.
            for await event in events { return event.text }
            return nil
        }
        return HTTPResponse(
            headers: ["Content-Type": "text/event-stream", "Cache-Control": "no-cache", "X-Accel-Buffering": "no"],
            body: .stream(body)
        )
    }

    /// - Throws: `HTTPError` 400 that names every parameter at fault.
    private static func searchRequest(_ parameters: QueryParameters) throws -> SearchRequest {
        try parameters.decode { values in
            let kind = values.oneOf("type", default: ReleaseQuery.Kind.any)
            var query = ReleaseQuery(kind: kind, text: words(&values))
            query.year = values.optionalInt("year", in: 1870...2200)
            query.imdbID = imdbID(&values)
            query.tmdbID = values.optionalInt("tmdbId", in: 1...Int(Int32.max))
            query.tvdbID = values.optionalInt("tvdbId", in: 1...Int(Int32.max))
            query.season = values.optionalInt("season", in: 0...9999)
            query.episode = values.optionalInt("episode", in: 0...9999)
            if query.episode != nil, query.season == nil { values.refuse("episode", "needs a season") }
            query.categories = numbers("categories", &values)
            query.limit = values.int(
                "limit",
                default: SearchRequest.usualLimit,
                in: 1...SearchRequest.highestLimit
            )
            var search = SearchRequest(query)
            search.indexerIDs = list("indexers", parameters)
            search.timeout = .seconds(
                values.int("timeout", default: SearchRequest.usualTimeout, in: 1...SearchRequest.longestTimeout)
            )
            return search
        }
    }

    private static func words(_ values: inout QueryDecoder) -> String? {
        values.string("query", length: 0...longestText).flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
    }

    private static func imdbID(_ values: inout QueryDecoder) -> String? {
        guard let text = values.string("imdbId") else { return nil }
        let digits = text.lowercased().hasPrefix("tt") ? text.dropFirst(2) : text[...]
        guard (1...10).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            values.refuse("imdbId", "must look like tt0063350")
            return nil
        }
        return "tt" + digits
    }

    private static func numbers(_ name: String, _ values: inout QueryDecoder) -> [Int]? {
        guard let text = values.string(name), !text.isEmpty else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }.filter { (0...Int(Int32.max)).contains($0) }
        guard numbers.count == parts.count, numbers.count <= mostNumbers else {
            values.refuse(name, "must be at most \(mostNumbers) whole numbers with commas between them")
            return nil
        }
        return numbers
    }

    private static func list(_ name: String, _ parameters: QueryParameters) -> [String]? {
        let ids = parameters.all(name).flatMap { $0.split(separator: ",") }.map(String.init)
        return ids.isEmpty ? nil : ids
    }

    // MARK: The description

    private static let document = describe("Search all indexers at once").answers(200, "SearchReport")
        .fails(422)
    private static let streamDocument = describe(
        "Search all indexers at once, as server-sent events: searchStarted, indexerAnswered, searchEnded"
    ).answers(200, as: "text/event-stream").fails(422)

    private static func describe(_ summary: String) -> RouteDocument {
        RouteDocument("Search", summary).query(
            .init("query", "string", "words of the title"),
            .init("type", "string", "any, movie or series"),
            .init("year", "integer", "of the first release"),
            .init("imdbId", "string", "for example tt0063350"),
            .init("tmdbId", "integer", "the id at TMDB"),
            .init("tvdbId", "integer", "the id at TheTVDB"),
            .init("season", "integer", "0 is the specials"),
            .init("episode", "integer", "of the season"),
            .init("categories", "string", "Newznab numbers with commas between them"),
            .init("indexers", "string", "ids with commas between them; all that are enabled by default"),
            .init("limit", "integer", "releases of each indexer, 1 to 500, 100 by default"),
            .init("timeout", "integer", "seconds for the whole search, 1 to 120, 30 by default")
        )
    }
}
