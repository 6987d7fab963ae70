import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

@Suite(.timeLimit(.minutes(1)))
struct TitleFillerTests {
    private func title(_ name: String, kind: Title.Kind = .movie, year: Int? = nil, guessed: Bool = true) -> Title {
        var title = Title(id: "t1", kind: kind, title: name, year: year, added: ManualClock.start)
        title.isNameGuessed = guessed
        return title
    }

    /// What becomes of a title that is added.
    private func filled(_ title: Title, in world: CatalogueWorld) async throws -> Title? {
        try await world.store.insert(title)
        await world.filler.tick()
        try await eventually("the lookup ends") { try world.store.dueLookups(at: .distantFuture, limit: 1).isEmpty }
        return try world.store.title(title.id)
    }

    @Test("leaves what was entered where the catalogue knows nothing")
    func gaps() async throws {
        let world = try await CatalogueWorld()
        try await world.add("one", ScriptedCatalogue([.sample("1", "", year: nil)]))
        var own = title("My film", year: 1990)
        own.tmdbID = 1
        let title = try await filled(own, in: world)
        #expect(title?.title == "My film" && title?.year == 1990 && title?.runtime == 94)
    }

    @Test("fills in what a unique name and year are known for, and corrects a name that was guessed")
    func byName() async throws {
        let world = try await CatalogueWorld()
        try await world.add(
            "one",
            ScriptedCatalogue([.sample("1", "Nosferatu"), .sample("2", "Nosferatu", year: 1979)])
        )
        let title = try await filled(title("nosferatu", year: 1922), in: world)
        #expect(title?.title == "Nosferatu")
        #expect(title?.tmdbID == 1)
        #expect(title?.runtime == 94)
        #expect(title?.overview == "About Nosferatu.")
        #expect(title?.posterURL == PictureID.path + PictureID("http://pictures.test/1.jpg").text)
        #expect(try world.store.title(kind: .movie, named: "nosferatu", year: 1922)?.id == "t1")
    }

    @Test("an id finds the title whatever it is called, and what the user has given stays")
    func byID() async throws {
        let world = try await CatalogueWorld()
        try await world.add("one", ScriptedCatalogue([.sample()]))
        var own = title("My film", year: 1990, guessed: false)
        own.tmdbID = 1
        own.overview = "Mine."
        own.posterURL = "https://example.org/mine.jpg"
        let title = try await filled(own, in: world)
        #expect(title?.title == "My film")
        #expect(title?.year == 1990)
        #expect(title?.overview == "Mine.")
        #expect(title?.posterURL == "https://example.org/mine.jpg")
        #expect(title?.genres == ["Horror"])
    }

    @Test("a name that more than one title has is left alone")
    func ambiguous() async throws {
        let world = try await CatalogueWorld()
        try await world.add("one", ScriptedCatalogue([.sample("1"), .sample("2", year: 1979)]))
        let title = try await filled(title("nosferatu"), in: world)
        #expect(title == Title(id: "t1", kind: .movie, title: "nosferatu", added: ManualClock.start))
    }

    @Test("a series that was corrected is found under its former name by the releases to come")
    func formerName() async throws {
        let world = try await CatalogueWorld()
        try await world.add("one", ScriptedCatalogue([.sample("1", "Amélie & Co.", kind: .series, year: 2001)]))
        let title = try await filled(title("Amelie and Co", kind: .series), in: world)
        #expect(title?.title == "Amélie & Co.")
        #expect(title?.year == 2001)
        #expect(try world.store.title(kind: .series, named: "amelie and co", year: nil)?.id == "t1")
        #expect(try world.store.title(kind: .series, named: "amélie & co.", year: nil)?.id == "t1")
        #expect(try world.store.title(kind: .series, named: "Amelie and Co", year: 1999) == nil)
    }

    @Test("without a provider everything waits, also across a restart, and is filled in when there is one")
    func waits() async throws {
        let before = try await CatalogueWorld()
        try await before.store.insert(title("nosferatu", year: 1922))
        await before.filler.tick()
        let world = try await before.restarted()
        await world.filler.tick()
        #expect(try world.store.title("t1")?.overview == nil)
        try await world.add("one", ScriptedCatalogue([.sample()]))
        await world.filler.tick()
        try await eventually("the title is filled in") { try world.store.title("t1")?.overview != nil }
    }

    @Test("a provider that is down is asked again later, and given up in the end")
    func retries() async throws {
        let world = try await CatalogueWorld()
        let catalogue = ScriptedCatalogue([.sample()])
        catalogue.fail(PluginError(.rateLimited, "Slow down.", retryAfter: 600))
        try await world.add("one", catalogue)
        try await world.store.insert(title("nosferatu", year: 1922))
        await world.filler.tick()
        try await eventually("it is postponed") { try world.store.dueLookups(at: world.clock.now, limit: 1).isEmpty }
        world.clock.advance(599)
        #expect(try world.store.dueLookups(at: world.clock.now, limit: 1).isEmpty)
        world.clock.advance(1)
        #expect(try world.store.dueLookups(at: world.clock.now, limit: 1).map(\.attempts) == [1])
        for _ in 0..<8 {
            world.clock.advance(100_000)
            await eventually("the round before ends") {
                await world.filler.tick()
                return (try? world.store.dueLookups(at: world.clock.now, limit: 1).isEmpty) == true
            }
        }
        #expect(try world.store.dueLookups(at: .distantFuture, limit: 1).isEmpty)
        #expect(try world.store.title("t1")?.overview == nil)
    }
}
