import PluginAPI
import Testing

@testable import TMDB

@Suite(.timeLimit(.minutes(1)))
struct SearchTests {
    private func query(_ text: String, _ kind: MetadataTitle.Kind? = nil, year: Int? = nil) -> MetadataQuery {
        var query = MetadataQuery(text: text)
        query.kind = kind.map(Open.known)
        query.year = year
        return query
    }

    @Test("movies by words, and by a year given beside them or in brackets")
    func movies() async throws {
        let rig = try Rig("search movies", "search movies of a year")
        #expect(try await rig.plugin.search(query("dune", .movie)).map(\.year) == [1984, 2021])
        #expect(try await rig.plugin.search(query("dune", .movie, year: 2021)).map(\.id) == ["438631"])
        #expect(try await rig.plugin.search(query("dune (2021)", .movie)).map(\.id) == ["438631"])
    }

    @Test("a row that is damaged costs no other one, and one without a title is left out")
    func damagedRows() async throws {
        let rig = try Rig()
        let rows = #"[null,{"title":"A"},{"id":"x"},7,{"id":2,"title":null},{"id":3,"title":"C","genre_ids":[null,1]}]"#
        rig.host.always(.init("GET", "/3/search/movie", text: #"{"results":\#(rows)}"#))
        #expect(try await rig.plugin.search(query("c", .movie)).map(\.id) == ["3"])
    }

    @Test("lists of a title may hold nothing where something should be")
    func damagedTitle() async throws {
        let rig = try Rig()
        let parts = #""genres":[null,{"name":"Horror"}],"credits":{"cast":[null]},"belongs_to_collection":{"name":"x"}"#
        rig.host.always(.init("GET", "/3/movie/5", text: #"{"id":5,"title":"X",\#(parts)}"#))
        let title = try await rig.plugin.movie("5")
        #expect(title.genres == ["Horror"] && title.collection == nil && title.credits == [])
    }

    @Test("a list without end is not read to it")
    func longList() async throws {
        let rig = try Rig()
        let genres = String(repeating: #"{"name":"A"},"#, count: 6000) + "null"
        rig.host.always(.init("GET", "/3/movie/5", text: #"{"id":5,"title":"X","genres":[\#(genres)]}"#))
        #expect(try await rig.plugin.movie("5").genres.count == 5000)
    }

    @Test("series by words")
    func series() async throws {
        let rig = try Rig("search series")
        let found = try await rig.plugin.search(query("sherlock", .series))
        #expect(found.map(\.title) == ["Sherlock"])
        #expect(found.first?.kind.value == .series)
        #expect(found.first?.images.first?.kind.value == .poster)
    }

    @Test("movies and series together without people; with a year both kinds are asked")
    func everything() async throws {
        let rig = try Rig("search all", "search movies of a year", "search series of a year")
        #expect(try await rig.plugin.search(query("one")).map(\.kind) == [.known(.series)])
        #expect(try await rig.plugin.search(query("dune", year: 2021)).map(\.id) == ["438631"])
        #expect(rig.asked.count == 3)
    }

    @Test("a list with gaps in the wanted language is completed from the English one")
    func gaps() async throws {
        let rig = try Rig("search in German", "search in English")
        var german = query("night", .movie)
        german.language = "de-DE"
        let found = try await rig.plugin.search(german)
        #expect(found.map(\.title) == ["Die Nacht der lebenden Toten"])
        #expect(found.first?.overview?.hasPrefix("Seven people") == true)
    }

    @Test(
        "understands ids in the text",
        arguments: [
            ("tmdb:653", SearchText.Wish.number("653", isMovie: nil)),
            ("imdb:tt0063350", .external(source: "imdb", id: "tt0063350")),
            (" tt0063350 ", .external(source: "imdb", id: "tt0063350")),
            ("TVDB: 176941", .external(source: "tvdb", id: "176941")),
            ("https://www.themoviedb.org/tv/19885-sherlock?language=de", .number("19885", isMovie: false)),
            ("https://www.imdb.com/title/tt0063350/?ref=x", .external(source: "imdb", id: "tt0063350")),
            ("Alien: Covenant", .words("Alien: Covenant", year: nil)),
            ("2001: A Space Odyssey", .words("2001: A Space Odyssey", year: nil)),
            ("Dune (2021)", .words("Dune", year: 2021)), ("(500)", .words("(500)", year: nil)),
            ("tmdb:all", .words("tmdb:all", year: nil)), ("tt12", .words("tt12", year: nil)),
        ]
    )
    func ids(text: String, wish: SearchText.Wish) {
        #expect(SearchText(text).wish == wish)
    }

    @Test("an id in the text finds the title itself")
    func byID() async throws {
        let rig = try Rig("movie in English", "find by IMDb")
        rig.host.always(
            .init(
                "GET",
                "/3/tv/10331",
                status: 404,
                text: #"{"success":false,"status_code":34,"status_message":"No."}"#
            )
        )
        #expect(try await rig.plugin.search(query("tmdb:10331")).map(\.runtime) == [96])
        #expect(try await rig.plugin.search(query("tt0063350")).map(\.id) == ["10331"])
        #expect(try await rig.plugin.search(query("tt0063350", .series)) == [])
    }

    @Test("finds titles by the ids of other catalogues; an episode leads to its series")
    func find() async throws {
        let rig = try Rig("find by IMDb", "find by TVDB", "find an episode", "find nothing", "series in English")
        #expect(try await rig.plugin.find(source: "imdb", id: "tt0063350").map(\.title) == ["Night of the Living Dead"])
        #expect(try await rig.plugin.find(source: "tvdb", id: "176941").map(\.kind) == [.known(.series)])
        #expect(try await rig.plugin.find(source: "imdb", id: "tt1665071").map(\.title) == ["Sherlock"])
        #expect(try await rig.plugin.find(source: "imdb", id: "tt9999999") == [])
        let error = await failure { try await rig.plugin.find(source: "anidb", id: "1") }
        #expect(error?.code.value == .unsupported)
    }

    @Test("nonsense in a question is refused without a request")
    func nonsense() async throws {
        let rig = try Rig()
        var wrong = query("dune")
        wrong.language = "de&x=1"
        #expect(await failure { try await rig.plugin.search(wrong) }?.field == "language")
        #expect(await failure { try await rig.plugin.search(query("  ")) }?.field == "text")
        #expect(rig.asked == [])
    }
}
