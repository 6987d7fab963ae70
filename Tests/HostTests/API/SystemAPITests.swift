import FoundationEssentials
import HTTPServer
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("The server's own API", .timeLimit(.minutes(1)))
struct SystemAPITests {
    @Test("anybody may ask for health and readiness; problems are named without paths")
    func health() async throws {
        let api = try await APIWorld()
        api.world.clock.advance(65)
        let health = await api.ask(.get, "/api/health", key: nil).json
        #expect(health["status"] == "degraded" && health["uptimeSeconds"] == 65)
        #expect(health["problems"] == ["The plugin lost is missing."])
        #expect(await api.ask(.get, "/api/ready", key: nil).json == ["ready": true])
    }

    @Test("a browser signs in with a key, keeps a session, and signs out")
    func session() async throws {
        let api = try await APIWorld()
        let signedIn = await api.ask(.post, "/api/session", ["key": .string(APIWorld.adminKey)], key: nil)
        #expect(signedIn.status == 201 && signedIn.json["role"] == "admin")
        #expect(!signedIn.text.contains(APIWorld.adminKey))
        let cookie = try #require(signedIn.headers["Set-Cookie"]?.split(separator: ";").first)
        let headers: HTTPHeaders = ["Cookie": String(cookie)]
        #expect(await api.ask(.get, "/api/session", key: nil, headers: headers).json["role"] == "admin")
        let signedOut = await api.ask(.delete, "/api/session", key: nil, headers: headers)
        #expect(signedOut.status == 204 && signedOut.headers["Set-Cookie"]?.contains("Max-Age=0") == true)
        #expect(
            await api.ask(.get, "/api/session", key: nil, headers: headers).json == ["role": "public", "keyId": .null]
        )
        #expect(try api.world.store.sessions(now: api.world.clock.now).isEmpty)
    }

    @Test("a wrong key makes no session", arguments: [["key": "wrong"], ["key": ""], [:], ["key": 5]] as [JSONValue])
    func badKey(body: JSONValue) async throws {
        let answer = try await APIWorld().ask(.post, "/api/session", body, key: nil)
        #expect([400, 401].contains(answer.status) && answer.headers["Set-Cookie"] == nil)
    }

    @Test("the numbers for Prometheus name the queue, the clients and the plugins")
    func metrics() async throws {
        let api = try await APIWorld("one")
        _ = try await api.world.add()
        let text = await api.ask(.get, "/metrics", key: nil).text
        for line in [
            "# TYPE kinodock_queue_items gauge", "kinodock_queue_items{status=\"queued\"} 1",
            "kinodock_download_client_up{name=\"one\"} 1", "kinodock_plugins{state=\"missing\"} 1",
            "kinodock_http_requests_total{class=\"2xx\"} 0",
        ] { #expect(text.contains(line + "\n")) }
    }

    @Test("plugins are listed with what is wrong with them, for administrators")
    func plugins() async throws {
        let api = try await APIWorld()
        let list = await api.ask(.get, "/api/plugins")
        let lost = try #require(list.json.array?.first)
        #expect(lost["id"] == "lost" && lost["state"] == "missing" && lost["manifest"] == .null)
        #expect(lost["reason"]?.string?.isEmpty == false)
        #expect(await api.ask(.post, "/api/plugins/rescan").json == list.json)
        for verb in ["enable", "disable", "retry"] {
            #expect(await api.ask(.post, "/api/plugins/nothing/" + verb).status == 404)
            #expect(await api.ask(.post, "/api/plugins/lost/" + verb, key: AccessKey.userSecret).status == 403)
        }
        #expect(await api.ask(.get, "/api/plugins", key: nil).status == 401)
    }

    @Test("an error that nobody expected is 500 without its words, which go to the log")
    func unexpected() async throws {
        struct Broken: Error {}
        let seen = Recorder<String>()
        var routes = RouteTable(
            gate: Gate(keys: KeyRing(clock: ManualClock()) { [] }, limiter: nil, limitsLoopback: false),
            errorStyles: []
        ) { error, _ in seen.add("\(error)") }
        routes.immediate(.get, "/broken", .anonymous, RouteDocument("x", "x")) { _, _ in throw Broken() }
        let response = await routes.router.respond(to: HTTPRequest(.get, "/broken"))
        let text = String(decoding: response.body.bytes, as: UTF8.self)
        #expect(response.status == .internalServerError && !text.contains("Broken") && seen.all == ["Broken()"])
    }

    @Test("every address answers a wrong method with 405 and an unknown one with 404, in words")
    func wrongAddresses() async throws {
        let api = try await APIWorld()
        let wrong = await api.ask(.patch, "/api/queue")
        #expect(wrong.status == 405 && wrong.headers["Allow"]?.contains("GET") == true)
        #expect(wrong.json["code"] == "METHOD_NOT_ALLOWED" && wrong.headers["x-correlation-id"] != nil)
        #expect(await api.ask(.get, "/api/nothing").json["code"] == "NOT_FOUND")
        #expect(await api.ask(.get, "/api/queue/%zz").status == 400)
        #expect(await api.ask(.get, "/api/queue?" + String(repeating: "x=1&", count: 2500)).status == 200)
        #expect(api.unexpected.all.isEmpty)
    }

    @Test("answers carry the caller's own id when that is a UUID", arguments: [true, false])
    func correlation(isUUID: Bool) async throws {
        let id = isUUID ? UUID().uuidString : "not one"
        let answer = try await APIWorld().ask(.get, "/api/nothing", headers: ["x-correlation-id": id])
        #expect((answer.headers["x-correlation-id"] == id) == isUUID)
    }
}

@Suite("The OpenAPI document")
struct OpenAPIDocumentTests {
    @Test("describes every route, each with its own id, its role and answers")
    func routes() async throws {
        let api = try await APIWorld()
        let document = OpenAPIDocument.describe(api.entries)
        let paths = try #require(document["paths"]?.object)
        var ids: Set<String> = []
        for route in api.router.routes {
            let path = route.pattern.split(separator: "/", omittingEmptySubsequences: false)
                .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }.joined(separator: "/")
            let operation = try #require(paths[path]?[route.method.rawValue.lowercased()], "\(route)")
            let id = try #require(operation["operationId"]?.string)
            #expect(ids.insert(id).inserted, "\(id)")
            #expect(operation["responses"]?.object?.keys.contains { $0.hasPrefix("2") } == true)
            #expect(operation["summary"]?.string?.isEmpty == false)
        }
        #expect(ids.count == paths.values.reduce(0) { $0 + ($1.object?.count ?? 0) })
    }

    @Test("refers only to schemas that it has")
    func references() async throws {
        let document = OpenAPIDocument.describe(try await APIWorld().entries)
        let schemas = Set(try #require(document["components"]?["schemas"]?.object).keys)
        var found: Set<String> = []
        func walk(_ value: JSONValue) {
            if let name = value["$ref"]?.string { found.insert(String(name.dropFirst("#/components/schemas/".count))) }
            value.object?.values.forEach(walk)
            value.array?.forEach(walk)
        }
        walk(document)
        #expect(found.contains("QueueItem") && found.subtracting(schemas) == [])
    }

    @Test("names the members that a queue item really has")
    func queueItem() throws {
        let shown = try #require(
            try JSONValue(QueueItem.sample("q").rendering(at: ManualClock.start).json(isPrivate: true)).object
        )
        let described = try #require(OpenAPISchemas.all["QueueItem"]?["properties"]?.object)
        #expect(Set(shown.keys).symmetricDifference(described.keys) == [])
    }

    @Test("names the answers that follow from what a route takes")
    func answers() async throws {
        let paths = try #require(OpenAPIDocument.describe(try await APIWorld().entries)["paths"]?.object)
        func statuses(_ path: String, _ method: String) -> Set<String> {
            Set(paths[path]?[method]?["responses"]?.object?.keys.map { $0 } ?? [])
        }
        #expect(statuses("/api/ping", "get") == ["200"])
        #expect(statuses("/api/health", "get") == ["200", "401", "429"])
        #expect(statuses("/api/queue", "post").isSuperset(of: ["200", "201", "400", "403", "413", "415"]))
        #expect(paths["/api/queue"]?["post"]?["requestBody"]?["required"] == true)
        #expect(paths["/api/queue/cleanup"]?["post"]?["requestBody"]?["required"] == false)
    }

    @Test("asks for a key where the route does, and for none elsewhere")
    func security() async throws {
        let paths = try #require(OpenAPIDocument.describe(try await APIWorld().entries)["paths"]?.object)
        #expect(paths["/api/plugins"]?["get"]?["x-role"] == "admin")
        #expect(paths["/api/media"]?["get"]?["x-role"] == "user")
        #expect(paths["/api/queue"]?["get"]?["security"] == nil)
    }
}
