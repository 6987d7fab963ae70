import PluginAPI
import Testing

@testable import TMDB

@Suite(.timeLimit(.minutes(1)))
struct TitleTests {
    @Test("one request brings a movie with all that belongs to it")
    func movie() async throws {
        let rig = try Rig("movie in English")
        let movie = try await rig.plugin.movie("10331")
        #expect(rig.asked.count == 1)
        #expect((movie.id, movie.title, movie.year, movie.runtime) == ("10331", "Night of the Living Dead", 1968, 96))
        #expect(movie.genres == ["Horror", "Thriller"])
        #expect(movie.externalIDs == ["tmdb": "10331", "imdb": "tt0063350", "wikidata": "Q42"])
        #expect(movie.studio == "Image Ten")
        #expect(movie.trailer == "trailer-en")
        #expect(movie.votes == 2300)
        #expect(movie.alternativeTitles.contains("Night of the Flesh Eaters"))
        #expect(movie.alternativeTitles.contains("La Nuit des morts-vivants"))
        #expect(movie.seasons == nil)
        let credits = movie.credits ?? []
        #expect(credits.map(\.name) == ["Duane Jones", "Judith O'Dea", "George A. Romero"])
        #expect(credits.first?.character == "Ben")
        #expect(credits.last?.role.value == .director)
    }

    @Test("dates and certifications are those of the country, and of all countries")
    func regions() async throws {
        let german = try await Rig("movie in English") { $0.region = "de" }.plugin.movie("10331")
        #expect(german.certification == "18")
        #expect(german.releaseDates["cinema"] == "1971-10-29")
        #expect(german.releaseDates["digital"] == "2012-05-01")
        #expect(german.certifications == ["US": "NR", "DE": "18"])
        #expect(german.regionalReleaseDates?["US"] == ["cinema": "1968-10-04", "physical": "1997-06-01"])
        let french = try await Rig("movie in English") { $0.region = "FR" }.plugin.movie("10331")
        #expect(french.certification == nil)
        #expect(french.releaseDates == ["cinema": "1968-10-04"])
    }

    @Test(
        "texts that the wanted language lacks come in English, then in the language of the makers",
        arguments: [
            ("movie in German", "10331", "Die Nacht der lebenden Toten", "Seven people hide"),
            ("movie made in German", "19", "Metropolis", "In einer Stadt"),
            ("movie made in Japanese", "129", "Spirited Away", "A girl has to work"),
            ("movie with French texts alone", "838", "Le Vide", "Il n'y a rien"),
        ]
    )
    func fallback(name: String, id: String, title: String, overview: String) async throws {
        let rig = try Rig(name) { $0.language = "de-DE" }
        let movie = try await rig.plugin.movie(id)
        #expect(movie.title == title)
        #expect(movie.overview?.hasPrefix(overview) == true)
        #expect(rig.asked.count == 1)
    }

    @Test("a series has seasons, networks, makers and the ids of other catalogues")
    func series() async throws {
        let rig = try Rig("series in English")
        let series = try await rig.plugin.series("tmdb:19885")
        #expect(series.kind == .series)
        #expect(series.seasons == [0, 1])
        #expect(series.networks == ["BBC One"])
        #expect(series.runtime == 90)
        #expect(series.status == "Ended")
        #expect(series.externalIDs["tvdb"] == "176941")
        #expect(series.certification == "TV-14")
        #expect(series.releaseDates == ["first_aired": "2010-07-25", "last_aired": "2017-01-15"])
        let roles = (series.credits ?? []).map { "\($0.role) \($0.name)" }
        #expect(roles == ["actor Benedict Cumberbatch", "creator Steven Moffat", "producer Mark Gatiss"])
        #expect(series.credits?.first?.character == "Sherlock Holmes")
    }

    @Test("pictures in the wanted language come first, and drawings come as pixels")
    func pictures() async throws {
        let rig = try Rig("images") { $0.language = "de-DE" }
        let images = try await rig.plugin.images(for: "10331", kind: .known(.movie))
        let posters = images.filter { $0.kind == .poster }
        #expect(posters.map(\.language) == ["de", "en", nil, "fr"])
        #expect(posters.first?.url == "http://127.0.0.1:24191/t/p/w780/poster-10331-de.jpg")
        #expect(posters.first?.width == 1000)
        #expect(images.filter { $0.kind == .logo }.map(\.url) == ["http://127.0.0.1:24191/t/p/w500/logo-10331.png"])
    }

    @Test("the poster that TMDB has chosen for the language is the first one", arguments: ["large", "original"])
    func poster(size: String) async throws {
        let rig = try Rig("movie in English") { $0.imageSize = .init(rawValue: size) ?? .medium }
        let movie = try await rig.plugin.movie("10331")
        let width = size == "large" ? "w780" : "original"
        #expect(movie.images.first?.url == "http://127.0.0.1:24191/t/p/\(width)/poster-10331.jpg")
    }

    @Test("what TMDB does not have is not found", arguments: ["99999999", "tt0063350", "", "-1", "imdb:tt1"])
    func unknown(id: String) async throws {
        let rig = try Rig("no such movie")
        let error = await failure { try await rig.plugin.movie(id) }
        #expect(error?.code.value == .notFound)
    }

    @Test("a season fills what the wanted language lacks from the English one")
    func season() async throws {
        let rig = try Rig("season in German", "season in English") { $0.language = "de-DE" }
        let season = try await rig.plugin.season(1, of: "19885")
        #expect(season.episodes.map(\.title) == ["Ein Fall von Pink", "The Blind Banker", "The Great Game"])
        #expect(season.episodes.map(\.overview) == ["Part 1.", "Part 2.", "Part 3."])
        #expect(season.episodes.map(\.runtime) == [88, 88, 88])
        #expect(season.episodes.first?.image == "http://127.0.0.1:24191/t/p/original/still-1.jpg")
    }

    @Test("a season in English is one request, and a missing one is not found")
    func oneSeason() async throws {
        let rig = try Rig("season in English", "no such season")
        #expect(try await rig.plugin.season(1, of: "19885").episodes.first?.aired == "2010-08-01")
        #expect(rig.asked.count == 1)
        #expect(await failure { try await rig.plugin.season(9, of: "19885") }?.code.value == .notFound)
        #expect(await failure { try await rig.plugin.season(-1, of: "19885") }?.code.value == .notFound)
    }
}
