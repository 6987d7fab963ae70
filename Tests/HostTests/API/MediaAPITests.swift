import FoundationEssentials
import HTTPServer
import PluginAPI
import Testing

@testable import Host
@testable import PluginHosting

@Suite("The media API", .timeLimit(.minutes(1)))
struct MediaAPITests {
    private func add(_ api: APIWorld, _ number: Int = 1) async throws -> (id: String, answer: APIWorld.Answer) {
        let answer = await api.ask(.post, "/api/media", ["magnetLink": .string(Samples.magnet(number))])
        return (try #require(answer.json["id"]?.string, "\(answer.text)"), answer)
    }

    @Test("a magnet makes a title from its name, with a download")
    func addMagnet() async throws {
        let api = try await APIWorld("one")
        let (id, answer) = try await add(api)
        #expect(answer.status == 201 && answer.json["title"] == "Inception" && answer.json["year"] == 2010)
        #expect(answer.json["type"] == "movie" && answer.json["status"] == "added" && answer.json["progress"] == 0)
        #expect(answer.json["infohash"] == .string(Samples.hash(1)))
        #expect(answer.json["magnetLink"] == .string(Samples.magnet(1)))
        #expect(try await add(api).answer.status == 200)
        #expect(await api.ask(.get, "/api/media").json.array?.map { $0["id"] } == [.string(id)])
        #expect(await api.ask(.get, "/api/media?type=tv").json == [])
    }

    @Test("what the body says goes before what the magnet says")
    func addDescribed() async throws {
        let api = try await APIWorld("one")
        let answer = await api.ask(
            .post,
            "/api/media",
            [
                "magnetLink": .string(Samples.magnet(1)), "type": "tv", "title": " A show ", "year": 1999,
                "genres": ["Drama"],
                "overview": "Words.", "tmdbId": 7,
            ]
        )
        #expect(answer.json["type"] == "tv" && answer.json["title"] == "A show" && answer.json["year"] == 1999)
        #expect(answer.json["genres"] == ["Drama"] && answer.json["overview"] == "Words." && answer.json["tmdbId"] == 7)
    }

    @Test(
        "a body that makes no sense is refused in this API's style",
        arguments: [
            [:], ["magnetLink": "http://a"], ["magnetLink": "magnet:?dn=x"], ["magnetLink": 5],
            ["magnetLink": "magnet:?xt=urn:btih:0000000000000000000000000000000000000001", "type": "music"],
            ["magnetLink": "magnet:?xt=urn:btih:0000000000000000000000000000000000000001", "year": 12],
        ] as [JSONValue]
    )
    func badBody(body: JSONValue) async throws {
        let api = try await APIWorld("one")
        let answer = await api.ask(.post, "/api/media", body)
        #expect(answer.status == 400 && answer.json.object?.keys.sorted() == ["message"], "\(answer.text)")
        #expect(try api.world.store.titles().isEmpty)
    }

    @Test("a client that refuses leaves no title behind")
    func refused() async throws {
        let api = try await APIWorld("one")
        api.world.client("one").fail("add", PluginError(.unreachable, "Nobody there."))
        let answer = await api.ask(.post, "/api/media", ["magnetLink": .string(Samples.magnet(1))])
        #expect(answer.status == 502 && answer.json == ["message": "one: Nobody there."])
        #expect(try api.world.store.titles().isEmpty && api.world.stored().isEmpty)
        let none = try await APIWorld()
        #expect(await none.ask(.post, "/api/media", ["magnetLink": .string(Samples.magnet(1))]).status == 422)
    }

    @Test("an unknown title is 404 in this API's style", arguments: ["", "/progress", "/stream"])
    func unknown(path: String) async throws {
        let answer = try await APIWorld().ask(.get, "/api/media/nothing" + path)
        #expect(answer.status == 404 && answer.json == ["message": "Media not found"])
    }

    @Test("progress follows the download, and the stream says how far it is")
    func progress() async throws {
        let api = try await APIWorld("one")
        let (id, _) = try await add(api)
        let item = try #require(api.world.snapshot.newestItem(for: id))
        await api.world.report(item, .downloading) { report in
            report.size = 1000
            report.remaining = 245
            report.downloadSpeed = 9
            report.peers = 4
        }
        let progress = await api.ask(.get, "/api/media/\(id)/progress").json
        #expect(progress["status"] == "downloading" && progress["progress"] == .number(75.5))
        #expect(progress["downloadSpeed"] == 9 && progress["peers"] == 4 && progress["isActive"] == true)
        let stream = await api.ask(.get, "/api/media/\(id)/stream")
        #expect(stream.status == 202 && stream.json["message"]?.string?.contains("75.5 %") == true)
        #expect(stream.headers["Retry-After"] == "2")
    }

    @Test("a title with a file is ready, and streams it")
    func ready() async throws {
        let api = try await APIWorld("one")
        let (id, _) = try await add(api)
        let path = try api.world.folder.write("library/movies/Film/Film.mkv", [1, 2, 3])
        try await record(path, for: id, api)
        let media = await api.ask(.get, "/api/media/" + id).json
        #expect(media["status"] == "ready" && media["progress"] == 100 && media["filePath"] == .string(path))
        let response = await api.router.respond(
            to: HTTPRequest(.get, "/api/media/\(id)/stream", headers: ["x-api-key": AccessKey.userSecret])
        )
        guard case .file(let body) = response.body, case .open = body.source else {
            Issue.record("\(response)")
            return
        }
        #expect(body.contentType == "video/x-matroska")
        #expect(await api.ask(.get, "/api/media/\(id)/stream", key: nil).status == 401)
    }

    @Test("a file that is gone from the library is 404 with what to do, for the whole and for a range")
    func vanished() async throws {
        let api = try await APIWorld("one")
        let (id, _) = try await add(api)
        let path = try api.world.folder.write("library/movies/Film/Film.mkv", [1, 2, 3])
        try await record(path, for: id, api)
        try LocalFileSystem().removeFile(path)
        let answer = await api.ask(.get, "/api/media/\(id)/stream")
        #expect(answer.status == 404 && answer.json["message"]?.string?.contains("delete the title") == true)
    }

    @Test("a title whose files cannot be deleted stays, and says why")
    func undeletable() async throws {
        let api = try await APIWorld("one")
        let (id, _) = try await add(api)
        // A folder at the path of a file, since no right of a file stops the superuser.
        let path = try api.world.folder.makeFolder("library/movies/Film/Film.mkv")
        try await record(path, for: id, api)
        let answer = await api.ask(.delete, "/api/media/" + id)
        #expect(answer.status == 409 && answer.json["message"]?.string?.contains(path) == true, "\(answer.text)")
        #expect(await api.ask(.get, "/api/media/" + id).status == 200)
        try LocalFileSystem().removeEmptyFolder(path)
        #expect(await api.ask(.delete, "/api/media/" + id).status == 204)
    }

    @Test("a title that is deleted takes its files in the library and its download along")
    func delete() async throws {
        let api = try await APIWorld("one")
        let (id, _) = try await add(api)
        let path = try api.world.folder.write("library/movies/Film/Film.mkv", [1, 2, 3])
        try await record(path, for: id, api)
        #expect(await api.ask(.delete, "/api/media/" + id, key: AccessKey.userSecret).status == 403)
        #expect(await api.ask(.delete, "/api/media/" + id).status == 204)
        #expect(await api.ask(.delete, "/api/media/" + id).status == 404)
        #expect(api.world.folder.tree("library").isEmpty)
        #expect(try api.world.store.files().isEmpty && api.world.stored().isEmpty)
        try await eventually("the client is asked") { try api.world.store.removals().isEmpty }
        #expect(api.world.client("one").calls("remove").map(\.deletesData) == [true])
    }

    @Test("a file outside of the library is not deleted")
    func outside() async throws {
        let api = try await APIWorld("one")
        let (id, _) = try await add(api)
        let path = try api.world.folder.write("elsewhere/Film.mkv", [1])
        try await record(path, for: id, api)
        #expect(await api.ask(.delete, "/api/media/" + id).status == 204)
        #expect(TemporaryFolder.content(path) == [1])
    }

    private func record(_ path: String, for id: String, _ api: APIWorld) async throws {
        let item = try #require(api.world.snapshot.newestItem(for: id))
        let title = try #require(try api.world.store.title(id))
        let file = LibraryFile(
            id: "f",
            titleID: id,
            path: path,
            size: 3,
            quality: "Bluray-1080p",
            subtitles: [],
            queueID: item.id,
            added: ManualClock.start
        )
        let imported = ImportedDownload(
            importID: "i",
            title: title,
            media: .init(titleID: id, kind: .movie),
            files: [file],
            replaced: []
        )
        try await api.world.store.record(imported, item: item, now: ManualClock.start)
    }
}
