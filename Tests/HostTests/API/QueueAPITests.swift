import FoundationEssentials
import HTTPServer
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("The queue's API", .timeLimit(.minutes(1)))
struct QueueAPITests {
    private static let longText = String(repeating: "x", count: 10_000)

    @Test("a magnet is accepted once: 201, then 200 with the same item")
    func add() async throws {
        let api = try await APIWorld("one")
        let first = await api.ask(.post, "/api/queue", ["magnet": .string(Samples.magnet(1))])
        #expect(first.status == 201 && first.json["downloadId"] == .string(Samples.hash(1)))
        let second = await api.ask(.post, "/api/queue", ["magnet": .string(Samples.magnet(1))])
        #expect(second.status == 200 && second.json["id"] == first.json["id"])
        let id = try #require(first.json["id"]?.string)
        #expect(await api.ask(.get, "/api/queue/" + id).json == first.json)
    }

    @Test("what is asked for in the body reaches the client")
    func addWithEverything() async throws {
        let api = try await APIWorld("one", "two")
        let answer = await api.ask(
            .post,
            "/api/queue",
            [
                "url": "http://host/film.torrent", "downloadClientId": "id-two", "category": "films",
                "title": " A film ",
                "paused": true,
            ]
        )
        #expect(answer.status == 201 && answer.json["downloadClient"] == "two" && answer.json["title"] == "A film")
        let request = try #require(api.world.client("two").requests.first)
        #expect(request.category == "films" && request.paused == true && request.link == "http://host/film.torrent")
    }

    @Test(
        "a body that makes no sense is refused and changes nothing",
        arguments: [
            ([:], 400, "VALIDATION_ERROR"), (["magnet": "nonsense"], 400, "INVALID_SOURCE"),
            (["magnet": 5], 400, "VALIDATION_ERROR"), (["magnet": "magnet:?dn=x"], 400, "INVALID_SOURCE"),
            (["torrent": "%%%"], 400, "VALIDATION_ERROR"), (["torrent": "AAAA"], 400, "INVALID_SOURCE"),
            (["url": "file:///etc/passwd"], 400, "INVALID_SOURCE"), (["nzb": "AAAA"], 400, "INVALID_SOURCE"),
            (["magnet": "magnet:?x", "url": "http://a"], 400, "VALIDATION_ERROR"),
            (["url": "http://a", "movieId": "a", "seriesId": "b"], 400, "VALIDATION_ERROR"),
            (["url": "http://a/b", "movieId": "nothing"], 400, "VALIDATION_ERROR"),
            (["url": "http://a/b", "downloadClientId": "nothing"], 400, "VALIDATION_ERROR"),
            (["url": "http://a/b", "title": .string(Self.longText)], 400, "VALIDATION_ERROR"),
            (["url": "http://a/b", "category": .string(Self.longText)], 400, "VALIDATION_ERROR"),
            (["url": "http://a/b", "episodeIds": .array(Array(repeating: "e", count: 2000))], 400, "VALIDATION_ERROR"),
            ([], 400, "VALIDATION_ERROR"), ("text", 400, "VALIDATION_ERROR"),
        ] as [(JSONValue, Int, String)]
    )
    func badBody(body: JSONValue, status: Int, code: String) async throws {
        let api = try await APIWorld("one")
        let answer = await api.ask(.post, "/api/queue", body)
        #expect(answer.status == status && answer.json["code"] == .string(code), "\(answer.text)")
        #expect(answer.json["success"] == false && answer.json["error"]?.string?.isEmpty == false)
        #expect(try api.world.stored().isEmpty && api.world.client("one").calls.isEmpty)
    }

    @Test("a body that is no JSON, or is not said to be, is refused")
    func noJSON() async throws {
        let api = try await APIWorld("one")
        let broken = await api.send(.post, "/api/queue", Data("{".utf8), headers: ["Content-Type": "application/json"])
        #expect(broken.status == 400 && broken.json["code"] == "INVALID_JSON")
        let other = await api.send(.post, "/api/queue", Data("{}".utf8), headers: ["Content-Type": "text/plain"])
        #expect(other.status == 415)
    }

    @Test("an NZB is taken from a form, and needs a client for it")
    func upload() async throws {
        let api = try await APIWorld("one")
        let nzb = "<nzb><file><segments><segment bytes=\"9\" number=\"1\">a@b</segment></segments></file></nzb>"
        let form = Data(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.nzb\"\r\n\r\n\(nzb)\r\n--x--\r\n".utf8
        )
        let headers: HTTPHeaders = ["Content-Type": "multipart/form-data; boundary=x"]
        let refused = await api.send(.post, "/api/queue", form, headers: headers)
        #expect(refused.status == 422 && refused.json["code"] == "NO_DOWNLOAD_CLIENT")
        try await api.world.addClient("news", implementation: "usenet")
        let accepted = await api.send(.post, "/api/queue", form, headers: headers)
        #expect(accepted.status == 201 && accepted.json["protocol"] == "usenet", "\(accepted.text)")
    }

    @Test(
        "what the client says becomes a status",
        arguments: [
            (.unreachable, 502), (.unauthorized, 502), (.invalid, 400), (.conflict, 409), (.rateLimited, 502),
        ] as [(PluginError.Code, Int)]
    )
    func clientErrors(code: PluginError.Code, status: Int) async throws {
        let api = try await APIWorld("one")
        api.world.client("one").fail("add", PluginError(code, "Because.", retryAfter: 7))
        let answer = await api.ask(.post, "/api/queue", ["magnet": .string(Samples.magnet(1))])
        #expect(answer.status == status && answer.json["error"] == "one: Because.")
        #expect(answer.headers["Retry-After"] == "7")
    }

    @Test(
        "a client that may have taken the download keeps it",
        arguments: [PluginError.Code.timeout, .deadlineExceeded]
    )
    func doubt(code: PluginError.Code) async throws {
        let api = try await APIWorld("one", "two")
        api.world.client("one").fail("add", PluginError(code, "Because."))
        let answer = await api.ask(.post, "/api/queue", ["magnet": .string(Samples.magnet(1))])
        #expect(answer.status == 201 && answer.json["status"] == "warning" && answer.json["downloadId"] == .null)
        #expect(api.world.client("two").calls("add").isEmpty)
        api.world.client("one").fail("add", nil)
        _ = await api.world.queue.apply(.nothingNew, from: "id-one")
        let id = try #require(answer.json["id"]?.string)
        await eventually("the client has it") { await api.world.item(id)?.downloadID == Samples.hash(1) }
    }

    @Test("a list has pages within limits")
    func list() async throws {
        let api = try await APIWorld("one")
        for number in 1...3 { _ = try await api.world.add(Samples.magnet(number, name: "Film \(number)")) }
        let page = await api.ask(.get, "/api/queue?page=2&limit=2").json
        #expect(page.ids.count == 1 && page["totalRecords"] == 3 && page["pageSize"] == 2)
        #expect(await api.ask(.get, "/api/queue?limit=1000").json["pageSize"] == 100)
        #expect(await api.ask(.get, "/api/queue?limit=0&page=-5").json["pageSize"] == 1)
        #expect(await api.ask(.get, "/api/queue?page=99").json.ids.isEmpty)
        #expect(await api.ask(.get, "/api/queue").json["pageSize"] == 20)
    }

    @Test(
        "a query that makes no sense is refused by the field",
        arguments: [
            ("page=x", "page"), ("limit=1.5", "limit"), ("status=lost", "status"),
            ("includeImported=1", "includeImported"),
            ("page=99999999999999999999", "page"),
        ]
    )
    func badQuery(query: String, field: String) async throws {
        let api = try await APIWorld()
        let answer = await api.ask(.get, "/api/queue?" + query)
        #expect(answer.status == 400 && answer.json["code"] == "VALIDATION_ERROR")
        #expect(answer.json["details"]?["fields"]?.array?.first?["field"] == .string(field))
    }

    @Test("imported items are shown on request only")
    func imported() async throws {
        let api = try await APIWorld("one")
        let item = try await api.world.addImported()
        #expect(await api.ask(.get, "/api/queue").json.ids == [])
        #expect(await api.ask(.get, "/api/queue?includeImported=true").json.ids == [item.id])
        #expect(await api.ask(.get, "/api/queue?status=completed").json.ids == [item.id])
    }

    @Test("anybody may read without seeing paths; nobody may change")
    func anonymous() async throws {
        let api = try await APIWorld("one")
        let item = try await api.world.add()
        await api.world.report(item, .downloading) { $0.contentPath = "/home/someone/film" }
        let shown = await api.ask(.get, "/api/queue/" + item.id, key: nil)
        #expect(shown.status == 200 && !shown.text.contains("/home") && shown.json["outputPath"] == .null)
        #expect(await api.ask(.get, "/api/queue/" + item.id).json["outputPath"] == "/home/someone/film")
        for (method, path) in [
            (HTTPMethod.post, ""), (.delete, "/" + item.id), (.post, "/cleanup"), (.post, "/\(item.id)/retry"),
        ] {
            #expect(await api.ask(method, "/api/queue" + path, [:], key: nil).status == 401)
            #expect(await api.ask(method, "/api/queue" + path, [:], key: AccessKey.userSecret).status == 403)
        }
        #expect(try api.world.stored().count == 1)
    }

    @Test("a queue that is not public needs a key")
    func closed() async throws {
        let api = try await APIWorld("one", publicQueue: false)
        for path in ["/api/queue", "/api/queue/x", "/api/queue/events"] {
            #expect(await api.ask(.get, path, key: nil).status == 401)
        }
        #expect(await api.ask(.get, "/api/queue", key: AccessKey.userSecret).status == 200)
    }

    @Test("an item is removed as the query says")
    func remove() async throws {
        let api = try await APIWorld("one")
        let item = try await api.world.add()
        let path = "/api/queue/\(item.id)?blocklist=true&deleteFiles=false"
        let answer = await api.ask(.delete, path)
        #expect(answer.status == 204 && answer.bytes.isEmpty)
        #expect(await api.ask(.delete, path).status == 404)
        try await eventually("the client is asked") { try api.world.store.removals().isEmpty }
        #expect(api.world.client("one").calls("remove").map(\.deletesData) == [false])
        let again = await api.ask(.post, "/api/queue", ["magnet": .string(Samples.magnet(1))])
        #expect(again.status == 409 && again.json["code"] == "BLOCKLISTED")
    }

    @Test(
        "a removal with a wrong value removes nothing",
        arguments: ["blocklist=yes", "removeFromClient=", "deleteFiles=1"]
    )
    func badRemoval(query: String) async throws {
        let api = try await APIWorld("one")
        let item = try await api.world.add()
        #expect(await api.ask(.delete, "/api/queue/\(item.id)?\(query)").status == 400)
        #expect(try api.world.stored().count == 1)
    }

    @Test("only what has failed can be retried")
    func retry() async throws {
        let api = try await APIWorld("one")
        let item = try await api.world.add()
        let refused = await api.ask(.post, "/api/queue/\(item.id)/retry")
        #expect(refused.status == 409 && refused.json["code"] == "ITEM_NOT_FAILED")
        #expect(await api.ask(.post, "/api/queue/nothing/retry").status == 404)
        await api.world.report(item, .failed)
        #expect(await api.ask(.post, "/api/queue/\(item.id)/retry").json["success"] == true)
    }

    @Test("cleaning up answers with the number")
    func cleanUp() async throws {
        let api = try await APIWorld("one")
        _ = try await api.world.addImported()
        #expect(await api.ask(.post, "/api/queue/cleanup", ["removeCompleted": false]).json["removedCount"] == 0)
        #expect(await api.ask(.post, "/api/queue/cleanup", ["removeCompleted": "x"]).status == 400)
        #expect(await api.ask(.post, "/api/queue/cleanup").json["removedCount"] == 1)
    }

    @Test("events are a stream")
    func events() async throws {
        let api = try await APIWorld()
        let answer = await api.ask(.get, "/api/queue/events", key: nil, headers: ["Last-Event-ID": "nonsense"])
        #expect(answer.status == 200 && answer.headers["Content-Type"] == "text/event-stream")
    }
}
