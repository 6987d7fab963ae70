import FoundationEssentials
import HTTPServer
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite(.timeLimit(.minutes(1)))
struct PictureCacheTests {
    private static let jpeg = Data([0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: 1, count: 4000))

    /// A server of pictures on this machine.
    private final class Site: Sendable {
        struct State {
            var body = PictureCacheTests.jpeg
            var status = 200
            var headers: [String: String] = ["ETag": "\"1\"", "Cache-Control": "max-age=100000"]
            var asked: [String?] = []
        }

        let state = Mutex(State())
        private let server = Mutex<HTTPServer?>(nil)

        var asked: [String?] { state.withLock(\.asked) }

        func start() throws -> String {
            var router = Router(renderError: { error, _ in HTTPResponse(status: error.status) })
            router.on(
                .get,
                "/:name",
                .immediate { [self] request in
                    state.withLock { state in
                        state.asked.append(request.headers["If-None-Match"])
                        var fields = HTTPHeaders()
                        for (name, value) in state.headers { fields.add(name, value) }
                        if request.headers["If-None-Match"] == state.headers["ETag"] {
                            return HTTPResponse(status: .notModified, headers: fields)
                        }
                        return HTTPResponse(status: HTTPStatus(state.status), headers: fields, body: .data(state.body))
                    }
                }
            )
            let server = try HTTPServer(configuration: .init(address: "127.0.0.1", port: 0), router: router)
            self.server.withLock { $0 = server }
            return "http://127.0.0.1:\(server.port)"
        }

        func stop() async {
            let server = server.withLock { $0 }
            await server?.stop(within: .seconds(1))
        }
    }

    private let site = Site()

    /// A world whose provider is on this machine and has named the picture `name`.
    private func world(
        naming name: String = "one.jpg",
        entered: Bool = true,
        limits: PictureCache.Limits = .init()
    ) async throws -> (CatalogueWorld, id: String) {
        let address = try site.start()
        let world = try await CatalogueWorld(pictureLimits: limits)
        let catalogue = ScriptedCatalogue([.sample(poster: "\(address)/\(name)")])
        try await world.add("one", catalogue, url: entered ? address : "http://provider.test")
        _ = try await world.movie("tmdb:1")
        await world.pictures.prepare()
        return (world, PictureID("\(address)/\(name)").text)
    }

    private func failure(_ body: () async throws -> some Any) async -> String? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? PictureFailure)?.message
        }
    }

    @Test("a picture is fetched once, kept, and asked about by its tag when it is old")
    func kept() async throws {
        let (world, id) = try await world()
        let first = try await world.pictures.picture(id)
        #expect(first.content.type == "image/jpeg")
        #expect(first.content.size == 4004)
        _ = try await world.pictures.picture(id)
        #expect(site.asked == [nil])
        let after = try await world.restarted()
        await after.pictures.prepare()
        _ = try await after.pictures.picture(id)
        #expect(site.asked == [nil])
        after.clock.advance(100_001)
        _ = try await after.pictures.picture(id)
        _ = try await after.pictures.picture(id)
        #expect(site.asked == [nil, "\"1\""])
        await site.stop()
        after.clock.advance(100_001)
        #expect(try await after.pictures.picture(id).content.hash == first.content.hash)
    }

    @Test("a picture that has changed takes the place of the old one")
    func changed() async throws {
        let (world, id) = try await world()
        let first = try await world.pictures.picture(id)
        site.state.withLock { state in
            state.body += [7]
            state.headers["ETag"] = "\"2\""
        }
        world.clock.advance(100_001)
        let second = try await world.pictures.picture(id)
        #expect(second.content.hash != first.content.hash)
        #expect(second.content.size == 4005)
        await site.stop()
    }

    @Test(
        "what is no picture is refused with a reason, and not asked for again at once",
        arguments: [(200, "<html>sign in</html>"), (200, ""), (404, "gone"), (200, "GIF89a but no more than that")]
    )
    func noPicture(status: Int, body: String) async throws {
        let (world, id) = try await world()
        site.state.withLock { ($0.status, $0.body) = (status, Data(body.utf8)) }
        #expect(await failure { try await world.pictures.picture(id) } != nil)
        #expect(await failure { try await world.pictures.picture(id) } != nil)
        #expect(site.asked.count == 1)
        world.clock.advance(121)
        site.state.withLock { ($0.status, $0.body) = (200, Self.jpeg) }
        _ = try await world.pictures.picture(id)
        await site.stop()
    }

    @Test("a picture that is too large is refused, and leaves nothing behind")
    func tooLarge() async throws {
        let (world, id) = try await world(limits: .init(picture: 4000, all: 1 << 20))
        #expect(await failure { try await world.pictures.picture(id) }?.contains("4000 bytes") == true)
        let left = try FileManager.default.contentsOfDirectory(atPath: world.folder.path + "/images/incoming")
        #expect(left == [])
        await site.stop()
    }

    @Test("an address in the network of this machine is not asked, unless the provider is there")
    func privateAddress() async throws {
        let (world, id) = try await world(entered: false)
        #expect(await failure { try await world.pictures.picture(id) }?.contains("private network") == true)
        #expect(site.asked == [])
        await site.stop()
    }

    @Test("a picture that nobody has named is unknown")
    func unknown() async throws {
        let world = try await CatalogueWorld()
        let id = PictureID("http://pictures.test/none.jpg").text
        #expect(await failure { try await world.pictures.picture(id) } == PictureFailure.unknown.message)
    }

    @Test("beyond the limit the pictures that were not used for the longest time go")
    func eviction() async throws {
        let address = try site.start()
        let world = try await CatalogueWorld(pictureLimits: .init(picture: 1 << 20, all: 9000))
        let urls = (1...3).map { "\(address)/\($0).jpg" }
        let titles = zip(1..., urls).map { MetadataTitle.sample("\($0)", poster: $1) }
        try await world.add("one", ScriptedCatalogue(titles), url: address)
        for number in 1...3 { _ = try await world.movie("tmdb:\(number)") }
        await world.pictures.prepare()
        for (index, url) in urls.enumerated() {
            site.state.withLock { state in
                state.body = Self.jpeg + [UInt8(index)]
                state.headers["ETag"] = "\"\(index)\""
            }
            world.clock.advance(1)
            _ = try await world.pictures.picture(PictureID(url).text)
        }
        let stored = try urls.map { try world.store.picture(PictureID($0).text)?.content != nil }
        #expect(stored == [false, true, true])
        await site.stop()
    }

    @Test(
        "tells formats by their bytes",
        arguments: [
            ("89504E470D0A1A0A00000000", "image/png"), ("524946460000000057454250", "image/webp"),
            ("FFD8FFE0", "image/jpeg"), ("474946383961", nil), ("", nil),
        ] as [(String, String?)]
    )
    func formats(hex: String, type: String?) throws {
        let bytes = stride(from: 0, to: hex.count, by: 2).compactMap { offset in
            UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
        }
        #expect(PictureFormat(bytes)?.rawValue == type)
    }
}
