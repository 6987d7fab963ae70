import PluginAPI
import Testing

@testable import Host

@Suite(.timeLimit(.minutes(1)))
struct MetadataCatalogTests {
    private let down = PluginError(.unreachable, "It is down.")

    @Test("the preferred provider answers, and is asked once for what it has answered")
    func kept() async throws {
        let world = try await CatalogueWorld()
        let first = ScriptedCatalogue([.sample()])
        let second = ScriptedCatalogue([.sample("1", "Another")])
        try await world.add("second", second, priority: 2)
        try await world.add("first", first)
        for _ in 0..<3 { #expect(try await world.movie("tmdb:1").value.title == "Nosferatu") }
        #expect(first.calls == ["movie 1"])
        #expect(second.calls == [])
        #expect(try await world.movie("1").provider.name == "first")
        world.clock.advance(86_401)
        _ = try await world.movie("tmdb:1")
        #expect(first.calls == ["movie 1", "movie 1"])
        _ = try await world.movie("tmdb:1", freshly: true)
        #expect(first.calls.count == 3)
    }

    @Test("a restart asks nothing again; other settings do")
    func restart() async throws {
        let catalogue = ScriptedCatalogue([.sample()])
        let before = try await CatalogueWorld()
        var instance = try await before.add("one", catalogue)
        _ = try await before.movie("tmdb:1")
        _ = try await before.catalog.ask(.search(MetadataQuery(text: "nosferatu")))
        let after = try await before.restarted()
        _ = try await after.movie("tmdb:1")
        _ = try await after.catalog.ask(.search(MetadataQuery(text: "nosferatu")))
        #expect(catalogue.calls.count == 2)
        after.clock.advance(1)
        instance.updated = after.clock.now
        try await after.registry.save(instance)
        _ = try await after.movie("tmdb:1")
        #expect(catalogue.calls.count == 3)
    }

    @Test("a failure leads to the next provider and is told beside the answer")
    func fallback() async throws {
        let world = try await CatalogueWorld()
        let (first, second) = (ScriptedCatalogue(), ScriptedCatalogue([.sample()]))
        first.fail(PluginError(.unauthorized, "The key is wrong."))
        try await world.add("first", first)
        try await world.add("second", second, priority: 2)
        let answer = try await world.movie("tmdb:1")
        #expect(answer.provider.name == "second")
        #expect(answer.problems.map(\.error.message) == ["The key is wrong."])
        #expect(await world.registry.instance("id-first")?.health.status == "failing")
        // One that is known to fail comes last.
        _ = try await world.catalog.ask(.season(1, of: MetadataID(source: "tmdb", id: "1")))
        #expect(first.calls == ["movie 1"])
    }

    @Test("what one provider does not have the next one may")
    func notFoundGoesOn() async throws {
        let world = try await CatalogueWorld()
        let (first, second) = (ScriptedCatalogue(), ScriptedCatalogue([.sample()]))
        try await world.add("first", first)
        try await world.add("second", second, priority: 2)
        #expect(try await world.movie("tmdb:1").provider.name == "second")
        #expect(try await world.catalog.ask(.search(MetadataQuery(text: "x"))).provider.name == "second")
        #expect(await world.registry.instance("id-first")?.health.status == "healthy")
    }

    @Test("nothing anywhere is not found, and remembered for a while; nobody to ask is said")
    func nothing() async throws {
        let world = try await CatalogueWorld()
        await #expect { try await world.movie("tmdb:1") } throws: { error in
            if case MetadataFailure.noProvider = error { true } else { false }
        }
        let catalogue = ScriptedCatalogue()
        try await world.add("one", catalogue)
        for _ in 0..<2 {
            await #expect { try await world.movie("tmdb:1") } throws: { error in
                if case MetadataFailure.notFound = error { true } else { false }
            }
        }
        #expect(catalogue.calls == ["movie 1"])
        #expect(try await world.catalog.ask(.search(MetadataQuery(text: "x"))).value == [])
    }

    @Test("when nobody can be asked an old answer is better than none")
    func stale() async throws {
        let world = try await CatalogueWorld()
        let catalogue = ScriptedCatalogue([.sample()])
        try await world.add("one", catalogue)
        _ = try await world.movie("tmdb:1")
        world.clock.advance(90_000)
        catalogue.fail(down)
        let answer = try await world.movie("tmdb:1")
        #expect(answer.value.title == "Nosferatu")
        #expect(answer.problems.count == 1)
        await #expect { try await world.movie("tmdb:2") } throws: { error in
            guard case MetadataFailure.failed(let problems) = error else { return false }
            return problems.map(\.error.code.value) == [.unreachable]
        }
    }

    @Test("a provider of another catalogue finds a title by its foreign id")
    func foreignID() async throws {
        let world = try await CatalogueWorld()
        var title = MetadataTitle.sample("77")
        title.externalIDs["tmdb"] = "1"
        let catalogue = ScriptedCatalogue([title])
        try await world.add("one", catalogue, implementation: "other")
        #expect(try await world.movie("tmdb:1").value.id == "77")
        #expect(try await world.movie("77").value.id == "77")
        #expect(try await world.movie("tt00000077").value.id == "77")
        #expect(catalogue.calls.first == "find tmdb 1")
    }

    @Test("questions of the same thing at once are asked once")
    func joined() async throws {
        let latch = Latch()
        let catalogue = ScriptedCatalogue([.sample()], latch: latch)
        let world = try await CatalogueWorld()
        try await world.add("one", catalogue)
        async let first = world.movie("tmdb:1")
        await eventually("the first call") { catalogue.calls.count == 1 }
        async let second = world.movie("tmdb:1")
        async let third = world.movie("tmdb:1")
        latch.open()
        let titles = try await [first, second, third].map(\.value.title)
        #expect(titles == ["Nosferatu", "Nosferatu", "Nosferatu"])
        #expect(catalogue.calls == ["movie 1"])
    }

    @Test("what is kept stays within its limits")
    func limits() async throws {
        let world = try await CatalogueWorld(limits: .init(answers: 10, bytes: 1 << 20, pictures: 20))
        let titles = (1...64).map { MetadataTitle.sample("\($0)", poster: "http://pictures.test/\($0).jpg") }
        let catalogue = ScriptedCatalogue(titles)
        try await world.add("one", catalogue)
        for number in 1...64 {
            _ = try await world.movie("tmdb:\(number)")
            world.clock.advance(1)
        }
        catalogue.forget()
        for number in [64, 55, 54] { _ = try await world.movie("tmdb:\(number)") }
        #expect(catalogue.calls == ["movie 54"])
        #expect(try world.store.picture(PictureID("http://pictures.test/64.jpg").text) != nil)
        #expect(try world.store.picture(PictureID("http://pictures.test/1.jpg").text) == nil)
    }

    @Test("the answers of a deleted provider go with it")
    func deleted() async throws {
        let world = try await CatalogueWorld()
        let catalogue = ScriptedCatalogue([.sample()])
        try await world.add("one", catalogue)
        _ = try await world.movie("tmdb:1")
        try await world.registry.delete("id-one")
        try await world.add("one", catalogue)
        _ = try await world.movie("tmdb:1")
        #expect(catalogue.calls.count == 2)
    }

    @Test(
        "reads ids",
        arguments: [
            ("tmdb:603", "tmdb:603"), ("TVDB:1", "tvdb:1"), ("tt0133093", "imdb:tt0133093"), ("603", "mine:603"),
            ("", nil), ("tmdb:", nil), (":1", nil), ("a b", nil), ("tmdb:1:2", "tmdb:1:2"),
        ] as [(String, String?)]
    )
    func ids(text: String, id: String?) {
        #expect(MetadataID(text, assuming: "mine")?.text == id)
    }
}
