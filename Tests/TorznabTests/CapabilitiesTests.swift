import FoundationEssentials
import PluginAPI
import Testing

@testable import Torznab

@Suite("Capabilities", .timeLimit(.minutes(1)))
struct CapabilitiesTests {
    @Test("are told in the host's words")
    func forHost() async throws {
        let known = try await Rig().indexer.capabilities()
        #expect(known.parameters == ["text", "year", "imdb_id", "tmdb_id", "tvdb_id", "season", "episode"])
        #expect(known.limit == 100)
        #expect(known.categories.map(\.id) == [2000, 2040, 2045, 5000, 5040, 100_042])
        #expect(known.categories[1].name == "Movies/HD" && known.categories[5].name == "Films of the site")
    }

    @Test("of an indexer that tells little are what is usual")
    func old() async throws {
        let known = try await Rig(caps: "old-caps").indexer.capabilities()
        #expect(known.parameters == ["text", "season", "episode"] && known.limit == 60)
        #expect(known.categories.map(\.name) == ["TV", "TV/HD"])
    }

    @Test(
        "without a word of searches they are the one that all have, and none where all are switched off",
        arguments: [
            ("<caps><server title='X'/></caps>", ["text"]),
            ("<caps><searching><search available='no'/></searching></caps>", []),
        ]
    )
    func silent(document: String, parameters: [String]) async throws {
        let rig = try Rig(caps: nil)
        rig.answer("caps", document)
        #expect(try await rig.indexer.capabilities().parameters == parameters)
    }

    @Test("are asked for once a day")
    func cached() async throws {
        let rig = try Rig()
        for _ in 0..<3 { _ = try await rig.indexer.capabilities() }
        #expect(rig.host.requests.count == 1)
        rig.host.advance(bySeconds: CapabilitiesStore.lifetime + 1)
        _ = try await rig.indexer.capabilities()
        #expect(rig.host.requests.count == 2)
    }

    @Test(
        "outlive a restart, but not a change of the address",
        arguments: [("http://127.0.0.1:9696/1", 1), ("http://other", 2)]
    )
    func restart(url: String, requests: Int) async throws {
        let rig = try Rig()
        _ = try await rig.indexer.capabilities()
        var settings = TorznabSettings()
        settings.url = url
        rig.host.always(.init("GET", "/api", text: try Rig.sample("old-caps")))
        let again = try TorznabIndexer(settings: settings, host: rig.host)
        _ = try await again.capabilities()
        #expect(rig.host.requests.count == requests)
    }

    @Test("of yesterday serve while the indexer does not answer, those of last month do not")
    func stale() async throws {
        let rig = try Rig()
        _ = try await rig.indexer.capabilities()
        rig.answer("caps") { _ in throw PluginError(.unreachable, "Gone.") }
        rig.host.advance(bySeconds: CapabilitiesStore.lifetime + 1)
        #expect(try await rig.indexer.capabilities().limit == 100)
        rig.host.advance(bySeconds: CapabilitiesStore.longestUse)
        await #expect(throws: PluginError.self) { try await rig.indexer.capabilities() }
    }

    @Test("are asked for once by several callers, and no longer when all of them have given up")
    func joined() async throws {
        let rig = try Rig(caps: nil)
        let (comings, coming) = AsyncStream.makeStream(of: Void.self)
        rig.answer("caps") { _ in
            coming.yield()
            while !Task.isCancelled { await Task.yield() }
            throw CancellationError()
        }
        let callers = (0..<3).map { _ in Task { try await rig.indexer.capabilities() } }
        for await _ in comings { break }
        for caller in callers { caller.cancel() }
        for caller in callers { await #expect(throws: (any Error).self) { try await caller.value } }
        #expect(rig.host.requests.count == 1)
        rig.answer("caps", try Rig.sample("old-caps"))
        #expect(try await rig.indexer.capabilities().limit == 60)
    }

    @Test("give the choices of the categories")
    func options() async throws {
        let rig = try Rig()
        let options = try await rig.indexer.options(for: "categories")
        #expect(options.contains(.init("2040", label: "Movies/HD (2040)")))
        let error = await #expect(throws: PluginError.self) { try await rig.indexer.options(for: "else") }
        #expect(error?.code.value == .unsupported)
    }
}
