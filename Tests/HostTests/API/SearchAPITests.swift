import FoundationEssentials
import PluginAPI
import Testing

@testable import HTTPServer
@testable import Host

@Suite("The API of searches", .timeLimit(.minutes(1)))
struct SearchAPITests {
    private func world(_ releases: Release...) async throws -> APIWorld {
        let api = try await APIWorld("client")
        try await api.world.addIndexer("one")
        api.world.plugins.indexer("one").offer(releases)
        return api
    }

    private let film = Release.sample("Film.2020.1080p.BluRay.x264-RIG") { release in
        release.size = 5
        release.imdbID = "tt0063350"
        release.downloadVolumeFactor = 0.5
        release.attributes = ["genre": ["Horror"], "note": ["hunter2-one"]]
        release.infoURL = "http://site.invalid/1?x=hunter2-one"
    }

    @Test("a search answers with releases and with what became of each indexer")
    func search() async throws {
        let api = try await world(film)
        try await api.world.addIndexer("two")
        api.world.plugins.indexer("two").fail("search", PluginError(.timeout, "Slow."))
        let target = "/api/search?query=film&type=movie&year=2020&imdbId=63350&categories=2000,2040&limit=7"
        let answer = await api.ask(.get, target)
        #expect(answer.status == 200)
        let found = try #require(answer.json["results"]?.array?.first)
        #expect(found["title"]?.string == film.title)
        #expect(found["quality"] == "Bluray-1080p" && found["qualityScore"] == 100)
        #expect(found["indexer"] == "one" && found["size"] == 5 && found["downloadVolumeFactor"] == 0.5)
        #expect(found["attributes"]?["genre"] == ["Horror"])
        #expect(answer.json["complete"] == false && answer.json["totalResults"] == 1)
        let indexers = try #require(answer.json["indexers"]?.array)
        #expect(indexers.map { $0["status"] } == ["ok", "timeout"] && indexers[1]["message"] == "Slow.")
        let query = try #require(api.world.plugins.indexer("one").queries.first)
        #expect(query.kind == .movie && query.text == "film" && query.year == 2020 && query.imdbID == "tt63350")
        #expect(query.categories == [2000, 2040] && query.limit == 7)
    }

    @Test("links, names of the indexer and known secrets are never shown")
    func secrets() async throws {
        let api = try await world(film)
        let text = await api.ask(.get, "/api/search?query=film").text
        for secret in ["s3cr3t", "/dl/", "hunter2"] { #expect(!text.contains(secret), "\(secret)") }
    }

    @Test(
        "parameters that make no sense are refused by name",
        arguments: [
            ("type=book", "type"), ("year=x", "year"), ("imdbId=tt", "imdbId"), ("imdbId=tt1x", "imdbId"),
            ("tmdbId=0", "tmdbId"), ("season=-1", "season"), ("episode=1", "episode"), ("categories=1,x", "categories"),
            ("limit=0", "limit"), ("limit=501", "limit"), ("timeout=121", "timeout"), ("indexers=nothing", "indexers"),
            ("query=" + String(repeating: "x", count: 301), "query"), ("categories=,", "categories"),
        ]
    )
    func badParameters(query: String, field: String) async throws {
        let api = try await world(film)
        for path in ["/api/search", "/api/search/stream"] {
            let answer = await api.ask(.get, "\(path)?\(query)")
            #expect(answer.status == 400 && answer.json["error"]?.string?.contains(field) == true, "\(answer.text)")
        }
        #expect(api.world.plugins.indexer("one").queries.isEmpty)
    }

    @Test("without indexers the answer says what to do; without the role there is none")
    func refused() async throws {
        let api = try await APIWorld()
        let answer = await api.ask(.get, "/api/search?query=film")
        #expect(answer.status == 422 && answer.json["code"] == "NO_INDEXER")
        #expect(await api.ask(.get, "/api/search?query=film", key: nil).status == 401)
        #expect(await api.ask(.get, "/api/search?query=film", key: AccessKey.userSecret).status == 403)
    }

    private func id(_ api: APIWorld) async throws -> JSONValue {
        try #require(await api.ask(.get, "/api/search?query=film").json["results"]?.array?.first?["id"])
    }

    @Test("a release that was found is downloaded by its id, under its own name")
    func grab() async throws {
        let api = try await world(film)
        let indexer = api.world.plugins.indexer("one")
        indexer.give(ReleaseContent(magnet: Samples.magnet(1, name: "Other")), for: film.link)
        let answer = await api.ask(.post, "/api/queue", ["release": try await id(api), "category": "films"])
        #expect(answer.status == 201 && answer.json["title"]?.string == film.title, "\(answer.text)")
        #expect(answer.json["indexer"] == "one" && answer.json["quality"] == "Bluray-1080p")
        #expect(api.world.client("client").requests.first?.category == "films")
        #expect(indexer.fetched == [film.link])
        #expect(await api.ask(.post, "/api/queue", ["release": try await id(api)]).status == 200)
    }

    @Test("a release that is not remembered, or comes with another source, is refused")
    func badGrab() async throws {
        let api = try await world(film)
        let unknown = await api.ask(.post, "/api/queue", ["release": "r_nothing"])
        #expect(unknown.status == 404 && unknown.json["code"] == "RELEASE_UNKNOWN")
        let both = await api.ask(.post, "/api/queue", ["release": try await id(api), "magnet": "magnet:?x"])
        #expect(both.status == 400)
        let field = await api.ask(.post, "/api/queue", ["release": try await id(api), "movieId": "a", "seriesId": "b"])
        #expect(field.status == 400 && api.world.plugins.indexer("one").fetched.isEmpty)
    }

    @Test("an indexer that does not give the release is named, and its link is not shown")
    func failedGrab() async throws {
        let api = try await world(film)
        let answer = await api.ask(.post, "/api/queue", ["release": try await id(api)])
        #expect(answer.status == 502, "\(answer.text)")
        #expect(answer.json["error"]?.string?.hasPrefix("one: Gone: ***") == true, "\(answer.text)")
        #expect(!api.world.lines.all.joined().contains("s3cr3t"))
        #expect(try api.world.stored().isEmpty)
        #expect(await api.world.registry.instance("id-one")?.health.message == nil)
    }

    @Test("when the first indexer does not give a release, another one that has it does")
    func otherSource() async throws {
        let api = try await world(film)
        try await api.world.addIndexer("two", priority: 2)
        let other = Release.sample("Film.2020.1080p.BluRay.x264-RIG") { $0.link = "http://other.invalid/1" }
        api.world.plugins.indexer("two").offer(other)
        api.world.plugins.indexer("two").give(ReleaseContent(magnet: Samples.magnet(1)), for: other.link)
        let found = try await id(api)
        api.world.plugins.indexer("one").fail("fetch", PluginError(.unreachable, "Gone."))
        let answer = await api.ask(.post, "/api/queue", ["release": found])
        #expect(answer.status == 201 && answer.json["indexer"] == "two", "\(answer.text)")
        #expect(await api.world.registry.instance("id-one")?.health.code == "unreachable")
    }

    @Test("a search is told as events, in order", arguments: [("/api/search/stream", false), ("/api/search", true)])
    func stream(path: String, isAccepted: Bool) async throws {
        let api = try await world(film)
        var headers: HTTPHeaders = ["x-api-key": APIWorld.adminKey]
        if isAccepted { headers.add("Accept", "text/event-stream") }
        let response = await api.router.respond(
            to: HTTPRequest(.get, path + "?query=film", headers: headers, body: Data())
        )
        #expect(response.headers["Content-Type"] == "text/event-stream")
        guard case .stream(let body) = response.body else {
            Issue.record("no stream")
            return
        }
        var pieces: [String] = []
        while let piece = try await body.next(), pieces.count < 10 {
            pieces.append(String(decoding: piece, as: UTF8.self))
        }
        let names = ["searchStarted", "indexerAnswered", "searchEnded"]
        #expect(pieces.map { String($0.prefix { $0 != "\n" }) } == names.map { "event: " + $0 })
        #expect(pieces.allSatisfy { $0.hasSuffix("\n\n") })
        #expect(pieces[1].contains(film.title) && !pieces.joined().contains("s3cr3t"))
    }
}
