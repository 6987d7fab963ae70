import HTTPServer
import PluginAPI

/// What the catalogues know, for looking up titles before they are added.
struct MetadataAPI: Sendable {
    let catalog: MetadataCatalog

    private static let refresh = RouteDocument.Parameter(
        "refresh",
        "boolean",
        "true: ask the provider, whatever was kept"
    )

    /// The table of the routes; that is why it is long.
    func register(in routes: inout RouteTable) {
        routes.suspending(
            .get,
            "/api/metadata/search",
            .user,
            RouteDocument("Metadata", "Titles that match").query(
                .init("query", "string", "words, or an id like tmdb:603 or tt0133093"),
                .init("type", "string", "movie or series; both when absent"),
                .init("year", "integer", "of the first release"),
                .init("language", "string", "like de-DE; that of the provider's settings when absent"),
                Self.refresh
            ).answers(200, "MetadataTitles").fails(404, 422, 502, 504),
            search
        )
        routes.suspending(
            .get,
            "/api/metadata/find",
            .user,
            RouteDocument("Metadata", "The titles that another catalogue knows by an id").query(
                .init("source", "string", "the catalogue: imdb, tvdb, tmdb"),
                .init("id", "string", "its id"),
                Self.refresh
            ).answers(200, "MetadataTitles").fails(404, 422, 502, 504),
            find
        )
        for (path, kind) in [("movies", MetadataTitle.Kind.movie), ("series", .series)] {
            routes.suspending(
                .get,
                "/api/metadata/\(path)/:id",
                .user,
                RouteDocument("Metadata", "All of a \(kind.rawValue)").query(Self.refresh)
                    .answers(200, "MetadataTitle").fails(404, 422, 502, 504)
            ) { request, _ in try await title(kind, request) }
            routes.suspending(
                .get,
                "/api/metadata/\(path)/:id/images",
                .user,
                RouteDocument("Metadata", "All pictures of a \(kind.rawValue)").query(Self.refresh)
                    .answers(200, "MetadataImages").fails(404, 422, 502, 504)
            ) { request, _ in try await images(kind, request) }
        }
        routes.suspending(
            .get,
            "/api/metadata/series/:id/seasons/:number",
            .user,
            RouteDocument("Metadata", "A season with its episodes; 0 is the specials").query(Self.refresh)
                .answers(200, "MetadataSeason").fails(404, 422, 502, 504),
            season
        )
    }

    private func search(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let (query, freshly) = try request.query.decode { decoder in
            var query = MetadataQuery(text: decoder.required("query").trimmed)
            if query.text.count > 200 { decoder.refuse("query", "must have at most 200 characters") }
            query.kind = decoder.optionalOneOf("type", MetadataTitle.Kind.self).map(Open.known)
            query.year = decoder.optionalInt("year", in: 1870...2200)
            query.language = decoder.string("language", length: 2...10)
            return (query, decoder.bool("refresh", default: false))
        }
        return .json(try await catalog.ask(.search(query), freshly: freshly).titlesJSON)
    }

    private func find(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let (source, id) = try request.query.decode { ($0.required("source"), $0.required("id")) }
        let freshly = try request.query.bool("refresh", default: false)
        guard let id = MetadataID("\(source):\(id)", assuming: nil) else {
            throw HTTPError.validation("id", "must be a source and a short id without blanks")
        }
        return .json(try await catalog.ask(.find(id), freshly: freshly).titlesJSON)
    }

    private func title(_ kind: MetadataTitle.Kind, _ request: HTTPRequest) async throws -> HTTPResponse {
        let (id, freshly) = try await self.id(in: request)
        return .json(try await catalog.ask(.title(kind, id), freshly: freshly).titleJSON)
    }

    private func images(_ kind: MetadataTitle.Kind, _ request: HTTPRequest) async throws -> HTTPResponse {
        let (id, freshly) = try await self.id(in: request)
        return .json(try await catalog.ask(.images(kind, id), freshly: freshly).imagesJSON)
    }

    private func season(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        guard let number = Int(request.parameters["number"]), (0...10_000).contains(number) else {
            throw HTTPError.validation("number", "must be the number of a season, 0 for the specials")
        }
        let (id, freshly) = try await self.id(in: request)
        return .json(try await catalog.ask(.season(number, of: id), freshly: freshly).seasonJSON(id))
    }

    private func id(in request: HTTPRequest) async throws -> (MetadataID, freshly: Bool) {
        let freshly = try request.query.bool("refresh", default: false)
        guard let id = await catalog.id(request.parameters["id"]) else {
            guard await !catalog.registry.metadataProviders.isEmpty else { throw MetadataFailure.noProvider }
            throw HTTPError.validation("id", "must be an id like tmdb:603 or tt0133093")
        }
        return (id, freshly)
    }
}
