import FoundationEssentials
import HTTPServer
import PluginAPI
import PluginHosting
import Testing

@testable import Host

@Suite("The API of problems", .timeLimit(.minutes(1)))
struct ProblemsAPITests {
    private let path = "/api/problems"

    /// A world with the plugin `lost` missing and, because none is there, the client `one` without its plugin.
    private func problem(_ source: String, _ api: APIWorld) async throws -> JSONValue {
        let list = try #require(await api.ask(.get, path).json.array)
        return try #require(list.first { $0["source"]?.string == source })
    }

    @Test("an administrator reads what is wrong, with what and what to do")
    func list() async throws {
        let api = try await APIWorld("one")
        await api.world.registry.recordFailure("id-one", PluginError(.unauthorized, "hunter2-one is wrong."))
        let answer = await api.ask(.get, path)
        #expect(answer.status == 200 && !answer.text.contains("hunter2"))
        let client = try await problem("download_client", api)
        #expect(client["name"] == "one" && client["subjectId"] == "id-one" && client["code"] == "unauthorized")
        #expect(client["message"] == "*** is wrong." && client["level"] == "error" && client["dismissed"] == false)
        #expect(client["since"] == "2024-01-15T10:30:00Z" && client["summary"]?.string?.contains("one") == true)
        #expect(client["request"] == ["label": "Test", "method": "POST", "path": "/api/download-clients/id-one/test"])
        let plugin = try await problem("plugin", api)
        #expect(plugin["name"] == "lost" && plugin["state"] == "missing")
        #expect(plugin["request"]?["path"] == "/api/plugins/rescan")
    }

    @Test("only an administrator may read, dismiss and follow")
    func roles() async throws {
        let api = try await APIWorld()
        let routes: [(HTTPMethod, String)] = [
            (.get, path), (.post, path + "/x/dismiss"), (.delete, path + "/x/dismiss"), (.get, "/api/events"),
        ]
        for (method, target) in routes {
            #expect(await api.ask(method, target, key: nil).status == 401)
            #expect(await api.ask(method, target, key: AccessKey.userSecret).status == 403)
        }
    }

    @Test("a problem is dismissed and shown again, as often as one likes")
    func dismiss() async throws {
        let api = try await APIWorld()
        let target = path + "/" + (try #require(try await problem("plugin", api)["id"]?.string)) + "/dismiss"
        for _ in 0..<2 {
            let answer = await api.ask(.post, target)
            #expect(answer.status == 200 && answer.json["dismissed"] == true && answer.json["name"] == "lost")
        }
        #expect(try await problem("plugin", api)["dismissed"] == true)
        for _ in 0..<2 { #expect(await api.ask(.delete, target).json["dismissed"] == false) }
        #expect(await api.ask(.post, path + "/nothing/dismiss").json["code"] == "NOT_FOUND")
    }

    @Test("the list is cut down to dismissed problems or to the others")
    func filter() async throws {
        let api = try await APIWorld("one")
        await api.world.registry.recordFailure("id-one", PluginError(.unauthorized, "No."))
        let id = try #require(try await problem("plugin", api)["id"]?.string)
        _ = await api.ask(.post, path + "/" + id + "/dismiss")
        func sources(_ query: String) async -> [String?]? {
            await api.ask(.get, path + query).json.array?.map { $0["source"]?.string }
        }
        #expect(await sources("?dismissed=true") == ["plugin"])
        #expect(await sources("?dismissed=false") == ["download_client"])
        #expect(await sources("") == ["plugin", "download_client"])
        #expect(await api.ask(.get, path + "?dismissed=perhaps").status == 400)
    }

    @Test("anybody sees in the health what is open, in words without the cause; the numbers count it")
    func health() async throws {
        let api = try await APIWorld("one")
        await api.world.registry.recordFailure("id-one", PluginError(.unreachable, "Nobody at 192.0.2.7:8080."))
        let before = await api.ask(.get, "/api/health", key: nil)
        #expect(before.json["problems"] == ["The plugin lost is missing.", "The download client one does not work."])
        #expect(!before.text.contains("192.0.2.7"))
        #expect(await api.ask(.get, "/metrics", key: nil).text.contains("kinodock_problems{source=\"plugin\"} 1\n"))
        for source in ["plugin", "download_client"] {
            let id = try #require(try await problem(source, api)["id"]?.string)
            _ = await api.ask(.post, path + "/" + id + "/dismiss")
        }
        let after = await api.ask(.get, "/api/health", key: nil).json
        #expect(after["problems"] == [] && after["status"] == "ok")
        #expect(await api.ask(.get, "/metrics", key: nil).text.contains("kinodock_problems{source=\"plugin\"} 0\n"))
    }

    @Test("the status of an instance tells since when, what and when it last worked")
    func status() async throws {
        let api = try await APIWorld("one")
        await api.world.registry.recordSuccess("id-one")
        await api.world.registry.recordFailure("id-one", PluginError(.unauthorized, "No."))
        let status = await api.ask(.get, "/api/download-clients/id-one").json["status"]
        #expect(
            status == [
                "health": "failing", "code": "unauthorized", "message": "No.", "since": "2024-01-15T10:30:00Z",
                "lastSuccess": "2024-01-15T10:30:00Z", "consecutiveFailures": 1, "nextAttempt": "2024-01-15T10:31:00Z",
            ]
        )
    }

    @Test("the document names the members that a problem and a status really have")
    func document() async throws {
        let api = try await APIWorld("one")
        let problem = try #require(try await problem("plugin", api).object)
        let described = try #require(OpenAPISchemas.all["Problem"]?["properties"]?.object)
        #expect(Set(problem.keys).symmetricDifference(described.keys) == [])
        let status = try #require(await api.ask(.get, "/api/download-clients/id-one").json["status"]?.object)
        let shape = try #require(OpenAPISchemas.all["Instance"]?["properties"]?["status"]?["properties"]?.object)
        #expect(Set(status.keys).symmetricDifference(shape.keys) == [])
    }

    @Test("a plugin whose name is that of a file can be tried again by its request")
    func oddName() throws {
        let entry = PluginEntry(id: "my plugin/ä%", path: "/p", state: .failed)
        let finding = try #require(Problem.Finding(entry))
        let problem = Problem(id: finding.id, finding: finding, since: ManualClock.start)
        #expect(try JSONValue(problem.json)["request"]?["path"] == "/api/plugins/my%20plugin%2F%C3%A4%25/retry")
    }

    @Test("what happens is published for those who follow")
    func events() async throws {
        let api = try await APIWorld("one")
        _ = await api.ask(.get, path)
        let before = api.adminEvents.lastID
        await api.world.registry.recordFailure("id-one", PluginError(.unauthorized, "No."))
        let id = try #require(try await problem("download_client", api)["id"]?.string)
        #expect(api.adminEvents.lastID == before + 2)
        _ = await api.ask(.post, path + "/" + id + "/dismiss")
        #expect(api.adminEvents.lastID == before + 3)
        api.plugins.catalog.expect(["lost", "too"])
        _ = await api.ask(.get, path)
        #expect(api.adminEvents.lastID == before + 5)
    }
}
