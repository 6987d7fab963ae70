import FoundationEssentials
import PluginAPI
import Testing

@testable import Torznab

@Suite("Searching", .timeLimit(.minutes(1)))
struct SearchTests {
    private func query(
        _ kind: ReleaseQuery.Kind,
        _ text: String? = nil,
        _ change: (inout ReleaseQuery) -> Void = { _ in }
    )
        -> ReleaseQuery
    {
        var query = ReleaseQuery(kind: kind, text: text)
        change(&query)
        return query
    }

    @Test("releases that an indexer gives the same guid stay apart")
    func sameGuid() async throws {
        let rig = try Rig()
        let items = ["A", "B", "A"].map { "<item><title>\($0)</title><guid>g</guid><link>http://a/\($0)</link></item>" }
        rig.answer("search", "<rss><channel>\(items.joined())</channel></rss>")
        let found = try await rig.indexer.search(ReleaseQuery(kind: .any, text: "x"))
        #expect(found.map(\.title) == ["A", "B"])
    }

    @Test("a movie is searched by its id, then by title and year, then by words alone")
    func movie() async throws {
        let rig = try Rig()
        for function in ["movie", "search"] { rig.answer(function, Rig.feed(0..<0)) }
        let found = try await rig.indexer.search(
            query(.movie, "Night of the  Living Dead") {
                $0.imdbID = "tt0063350"
                $0.tmdbID = 10331
                $0.year = 1968
            }
        )
        #expect(found.isEmpty)
        let all = ["extended": "1", "cat": "2000", "limit": "100"]
        #expect(
            rig.searches == [
                all.merging(["t": "movie", "imdbid": "0063350"]) { $1 },
                all.merging(["t": "movie", "q": "Night of the Living Dead", "year": "1968"]) { $1 },
                all.merging(["t": "search", "q": "Night of the Living Dead 1968"]) { $1 },
            ]
        )
    }

    @Test("what the first way finds is enough")
    func firstWay() async throws {
        let rig = try Rig()
        rig.answer("movie", Rig.feed(1..<3))
        let found = try await rig.indexer.search(query(.movie, "Film") { $0.imdbID = "tt0063350" })
        #expect(found.map(\.title) == ["Film 1", "Film 2"] && rig.searches.count == 1)
    }

    @Test("an episode is searched by the series' id, then by title, then as releases are called")
    func episode() async throws {
        let rig = try Rig()
        for function in ["tvsearch", "search"] { rig.answer(function, Rig.feed(0..<0)) }
        _ = try await rig.indexer.search(
            query(.series, "Show") {
                $0.tvdbID = 81189
                $0.season = 1
                $0.episode = 12
            }
        )
        let all = ["extended": "1", "cat": "5000", "limit": "100"]
        #expect(
            rig.searches == [
                all.merging(["t": "tvsearch", "tvdbid": "81189", "season": "1", "ep": "12"]) { $1 },
                all.merging(["t": "tvsearch", "q": "Show", "season": "1", "ep": "12"]) { $1 },
                all.merging(["t": "search", "q": "Show S01E12"]) { $1 },
            ]
        )
    }

    @Test("only ways that the indexer has said to know are gone, whatever it leaves out")
    func oldIndexer() async throws {
        let rig = try Rig(caps: "old-caps")
        for function in ["tvsearch", "search"] { rig.answer(function, Rig.feed(0..<0)) }
        _ = try await rig.indexer.search(query(.movie, "Film") { $0.imdbID = "tt0063350" })
        #expect(rig.searches == [["t": "search", "extended": "1", "q": "Film", "limit": "60"]])
    }

    @Test("a way that the indexer does not know after all is passed over", arguments: [201, 202, 203])
    func wrongCapabilities(code: Int) async throws {
        let rig = try Rig()
        rig.answer("movie", "<error code='\(code)' description='No'/>")
        rig.answer("search", Rig.feed(1..<2))
        let found = try await rig.indexer.search(query(.movie, "Film") { $0.tmdbID = 5 })
        #expect(found.count == 1)
    }

    @Test("what cannot be looked for is said, and is no empty answer")
    func impossible() async throws {
        let rig = try Rig(caps: "old-caps")
        let error = await #expect(throws: PluginError.self) {
            try await rig.indexer.search(query(.movie) { $0.imdbID = "tt0063350" })
        }
        #expect(error?.code.value == .unsupported && rig.searches.isEmpty)
    }

    @Test("a search for nothing in particular lists what is new")
    func recent() async throws {
        let rig = try Rig { $0.categories = [2040, 5040] }
        rig.answer("search", Rig.feed(1..<2))
        #expect(try await rig.indexer.search(query(.any)).count == 1)
        #expect(rig.searches == [["t": "search", "extended": "1", "cat": "2040,5040", "limit": "100"]])
    }

    @Test(
        "the categories of a search are its own, else those of the settings that fit, else those of the indexer",
        arguments: [
            (ReleaseQuery.Kind.movie, [2045], [5040], "2045"), (.movie, nil, [2040, 5040, 100_042], "2040,100042"),
            (.series, nil, [2040, 5040], "5040"), (.series, nil, [2040], "5000"), (.any, nil, [7000], "7000"),
            (.any, nil, [], nil),
        ] as [(ReleaseQuery.Kind, [Int]?, [Int], String?)]
    )
    func categories(kind: ReleaseQuery.Kind, asked: [Int]?, set: [Int], expected: String?) async throws {
        let rig = try Rig { $0.categories = set }
        for function in ["movie", "tvsearch", "search"] { rig.answer(function, Rig.feed(1..<2)) }
        _ = try await rig.indexer.search(query(kind, "Film") { $0.categories = asked })
        #expect(rig.searches.first?["cat"] == expected)
    }

    @Test("pages are read until there is enough, the last one in part")
    func pages() async throws {
        let rig = try Rig()
        rig.answer("search") { request in
            let start = Int(request.parameter("offset") ?? "0") ?? 0
            return ServiceResponse(status: 200, body: Data(Rig.feed(start..<start + 100, total: 1000).utf8))
        }
        let found = try await rig.indexer.search(query(.any, "Film") { $0.limit = 250 })
        #expect(found.count == 250 && Set(found.map(\.guid)).count == 250)
        #expect(rig.searches.map { $0["offset"] } == [nil, "100", "200"])
    }

    @Test("pages end where the indexer has no more, by its count or by a short page")
    func lastPage() async throws {
        let rig = try Rig()
        rig.answer("search") { request in
            let start = Int(request.parameter("offset") ?? "0") ?? 0
            return ServiceResponse(status: 200, body: Data(Rig.feed(start..<min(start + 100, 200), total: 200).utf8))
        }
        #expect(try await rig.indexer.search(query(.any, "Film") { $0.limit = 500 }).count == 200)
        #expect(rig.searches.count == 2)
    }

    @Test("an indexer that gives the first page again and again is not asked for ever")
    func samePage() async throws {
        let rig = try Rig()
        rig.answer("search", Rig.feed(0..<100))
        #expect(try await rig.indexer.search(query(.any, "Film") { $0.limit = 1000 }).count == 100)
        #expect(rig.searches.count == 2)
    }

    @Test("a later page that fails leaves what is there")
    func brokenPage() async throws {
        let rig = try Rig()
        rig.answer("search") { request in
            if request.parameter("offset") != nil { throw PluginError(.timeout, "Slow.") }
            return ServiceResponse(status: 200, body: Data(Rig.feed(0..<100).utf8))
        }
        #expect(try await rig.indexer.search(query(.any, "Film") { $0.limit = 300 }).count == 100)
        #expect(rig.host.lines.contains { $0.level == .warning })
    }

    @Test("nothing more is begun when the time for a search is nearly over")
    func slow() async throws {
        let rig = try Rig()
        let host = rig.host
        rig.answer("search") { request in
            host.advance(bySeconds: 15)
            let start = Int(request.parameter("offset") ?? "0") ?? 0
            return ServiceResponse(status: 200, body: Data(Rig.feed(start..<start + 100).utf8))
        }
        #expect(try await rig.indexer.search(query(.any, "Film") { $0.limit = 900 }).count == 200)
    }

    @Test("torrents with too few seeders are left out, and Usenet is not")
    func seeders() async throws {
        let rig = try Rig { $0.minimumSeeders = 3 }
        rig.answer("search", Rig.feed(0..<6))
        #expect(try await rig.indexer.search(query(.any, "Film")).map(\.seeders) == [3, 4, 5])
        let other = try Rig { $0.minimumSeeders = 3 }
        other.answer("search", try Rig.sample("newznab-search"))
        #expect(try await other.indexer.search(query(.any, "Show")).count == 1)
    }

    @Test("blanks, umlauts and signs of a title arrive")
    func escaping() async throws {
        let rig = try Rig()
        rig.answer("search", Rig.feed(1..<2))
        _ = try await rig.indexer.search(query(.any, "Füße & Co=1 #2?"))
        #expect(rig.host.requests.last?.url.contains("q=F%C3%BC%C3%9Fe%20%26%20Co%3D1%20%232%3F&") == true)
    }
}
