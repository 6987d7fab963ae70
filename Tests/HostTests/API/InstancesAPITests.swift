import FoundationEssentials
import HTTPServer
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("The instances' API", .timeLimit(.minutes(1)))
struct InstancesAPITests {
    private let path = "/api/download-clients"

    private func body(_ name: String = "Home", host: String = "home") -> JSONValue {
        [
            "name": .string(name), "implementation": "scripted",
            "settings": ["host": .string(host), "password": "hunter22"],
        ]
    }

    private func created(_ api: APIWorld) async throws -> (id: String, json: JSONValue) {
        let answer = await api.ask(.post, path, body())
        #expect(answer.status == 201, "\(answer.text)")
        return (try #require(answer.json["id"]?.string), answer.json)
    }

    @Test("an instance is added with its secret masked everywhere")
    func create() async throws {
        let api = try await APIWorld()
        let (id, json) = try await created(api)
        #expect(json["settings"] == ["host": "home", "password": ["set": true]])
        #expect(json["name"] == "Home" && json["enabled"] == true && json["priority"] == 1)
        #expect(json["status"]?["health"] == "healthy" && json["created"] == "2024-01-15T10:30:00Z")
        for target in [path, path + "/" + id] {
            let answer = await api.ask(.get, target)
            #expect(answer.status == 200 && !answer.text.contains("hunter22"))
        }
        #expect(await api.world.registry.instance(id)?.secrets == ["password": "hunter22"])
    }

    @Test("a change keeps what it leaves out, and a masked secret")
    func update() async throws {
        let api = try await APIWorld()
        let (id, json) = try await created(api)
        let same = await api.ask(.put, path + "/" + id, json)
        #expect(same.status == 200 && same.json == json)
        let renamed = await api.ask(.put, path + "/" + id, ["name": " Other ", "enabled": false])
        #expect(renamed.json["name"] == "Other" && renamed.json["status"]?["health"] == "disabled")
        #expect(renamed.json["settings"] == json["settings"])
        #expect(await api.world.registry.instance(id)?.secrets == ["password": "hunter22"])
        let cleared = await api.ask(.put, path + "/" + id, ["settings": ["host": "h", "password": ""]])
        #expect(cleared.json["settings"] == ["host": "h", "password": ["set": false]])
    }

    @Test(
        "a body that makes no sense is refused by the field",
        arguments: [
            ([:], "implementation"), (["implementation": "nothing"], "implementation"),
            (["implementation": "quiet", "settings": ["host": "h"]], "implementation"),
            (["implementation": "scripted"], "settings.host"),
            (["implementation": "scripted", "settings": ["host": "h", "prt": 1]], "settings.prt"),
            (["implementation": "scripted", "settings": ["host": "h", "port": 0]], "settings.port"),
            (["implementation": "scripted", "settings": ["host": "h"], "name": " "], "name"),
            (["implementation": "scripted", "settings": ["host": "h"], "name": "a\u{0}b"], "name"),
            (["implementation": "scripted", "settings": ["host": "h"], "priority": 0], "priority"),
            (["implementation": "scripted", "settings": ["host": "h"], "enabled": "yes"], "enabled"),
            (
                [
                    "implementation": "scripted", "settings": ["host": "h"],
                    "pathMappings": [["remote": "/a", "local": "b"]],
                ],
                "pathMappings"
            ),
        ] as [(JSONValue, String)]
    )
    func badBody(body: JSONValue, field: String) async throws {
        let api = try await APIWorld()
        let answer = await api.ask(.post, path, body)
        #expect(answer.status == 400 && answer.json["code"] == "VALIDATION_ERROR", "\(answer.text)")
        #expect(answer.json["details"]?["fields"]?.array?.first?["field"] == .string(field))
        #expect(await api.world.registry.instances(of: .downloadClient).isEmpty)
    }

    @Test("a name that is taken is 409, and changes nothing")
    func nameTaken() async throws {
        let api = try await APIWorld("one")
        let (id, _) = try await created(api)
        #expect(await api.ask(.post, path, body("one")).status == 409)
        let renamed = await api.ask(.put, path + "/" + id, ["name": "one"])
        #expect(renamed.status == 409 && renamed.json["code"] == "NAME_TAKEN")
        #expect(await api.ask(.get, path).json.array?.count == 2)
    }

    @Test("an unknown id is 404, also one of another kind", arguments: ["nothing", "id-one%2F", "%00", "../x"])
    func unknown(id: String) async throws {
        let api = try await APIWorld("one")
        for method in [HTTPMethod.get, .put, .delete] {
            let status = await api.ask(method, path + "/" + id, ["name": "x"]).status
            #expect([400, 404].contains(status))
        }
        #expect(await api.ask(.get, "/api/notifiers/id-one").status == 404)
        #expect(await api.ask(.delete, "/api/indexers/id-one").status == 404)
        #expect(await api.world.registry.instance("id-one") != nil)
    }

    @Test("a deleted instance is gone")
    func delete() async throws {
        let api = try await APIWorld("one")
        #expect(await api.ask(.delete, path + "/id-one").status == 204)
        #expect(await api.ask(.get, path + "/id-one").status == 404)
    }

    @Test("only administrators see instances")
    func roles() async throws {
        let api = try await APIWorld("one")
        for (key, status) in [(nil, 401), (AccessKey.userSecret, 403)] {
            #expect(await api.ask(.get, path, key: key).status == status)
            #expect(await api.ask(.post, path + "/id-one/test", key: key).status == status)
        }
    }

    @Test("a test that works says what it found, and whether files can be linked")
    func testOK() async throws {
        let api = try await APIWorld("one")
        let downloads = try api.world.folder.makeFolder("downloads")
        api.world.client("one").state.withLock { state in
            state.report.savePath = downloads
            state.report.categories = ["b": "/b", "a": "/a"]
            state.report.warnings = [.init("removal", "Seeds are removed at ratio 2.")]
        }
        let json = await api.ask(.post, path + "/id-one/test").json
        #expect(json["success"] == true && json["version"] == "9.1" && json["apiVersion"] == "2")
        #expect(json["pathVisible"] == true && json["pathWritable"] == true && json["hardlinkPossible"] == true)
        #expect(json["localPath"] == .string(downloads) && json["categories"] == ["a", "b"])
        #expect(json["warnings"]?.array?.first?["code"] == "removal")
        #expect(api.world.folder.tree("downloads").isEmpty)
    }

    @Test("a path that is not visible is a warning with the mapping to add")
    func testPath() async throws {
        let api = try await APIWorld("one")
        api.world.client("one").state.withLock { $0.report.savePath = "/downloads/nowhere" }
        let answer = await api.ask(.post, path + "/id-one/test")
        #expect(answer.status == 200 && answer.json["pathVisible"] == false)
        #expect(answer.json["warnings"]?.array?.first?["code"] == "path_not_visible")
    }

    @Test("a test that fails is 400 with words, and without the secret")
    func testFails() async throws {
        let api = try await APIWorld("one")
        api.world.client("one").fail("test", PluginError(.unauthorized, "hunter2-one is wrong.", field: "password"))
        let answer = await api.ask(.post, path + "/id-one/test")
        #expect(answer.status == 400 && answer.json["success"] == false && answer.json["code"] == "UNAUTHORIZED")
        #expect(answer.json["error"] == "*** is wrong.")
        let check = try #require(answer.json["checks"]?.array?.first)
        #expect(check["name"] == "login" && check["ok"] == false && check["field"] == "password")
    }

    @Test("a failing check fails the test")
    func failingCheck() async throws {
        let api = try await APIWorld("one")
        api.world.client("one").state.withLock {
            $0.report.checks = [.init("login", ok: true), .init("version", ok: false, message: "Too old.")]
        }
        let answer = await api.ask(.post, path + "/id-one/test")
        #expect(
            answer.status == 400 && answer.json["error"] == "Too old." && answer.json["code"] == "CONNECTION_FAILED"
        )
    }

    @Test("a test of an unknown instance is 404")
    func testUnknown() async throws {
        let api = try await APIWorld()
        #expect(await api.ask(.post, path + "/nothing/test").status == 404)
    }

    @Test("a good test ends the wait after failures; a test of other settings stores nothing")
    func testResets() async throws {
        let api = try await APIWorld("one")
        await api.world.registry.recordFailure("id-one", PluginError(.unauthorized, "Wrong."))
        #expect(await api.ask(.get, path + "/id-one").json["status"]?["health"] == "failing")
        _ = await api.ask(.post, path + "/id-one/test", ["settings": ["host": "other"]])
        #expect(await api.world.registry.instance("id-one")?.settings == ["host": "one"])
        #expect(api.world.client("other").calls("test").count == 1)
        #expect(await api.ask(.post, path + "/id-one/test").status == 200)
        #expect(await api.ask(.get, path + "/id-one").json["status"]?["health"] == "healthy")
    }

    @Test("unsaved settings are tested with the secret of the instance that they change")
    func unsaved() async throws {
        let api = try await APIWorld("one")
        let body: JSONValue = [
            "id": "id-one", "implementation": "scripted", "settings": ["host": "two", "password": ["set": true]],
        ]
        #expect(await api.ask(.post, path + "/test", body).status == 200)
        #expect(api.world.plugins.state.withLock(\.settings) == [#"{"host":"two","password":"hunter2-one"}"#])
        #expect(api.world.plugins.state.withLock(\.shutDowns) == 1)
        #expect(await api.ask(.post, path + "/test", ["id": "nothing", "implementation": "scripted"]).status == 400)
        #expect(await api.world.registry.instances(of: .downloadClient).count == 1)
    }

    @Test("the choices of a field come from the plugin")
    func options() async throws {
        let api = try await APIWorld()
        let body: JSONValue = ["source": "categories", "implementation": "scripted", "settings": ["host": "h"]]
        #expect(await api.ask(.post, path + "/options", body).json == [["value": "films", "label": "Films"]])
        #expect(await api.ask(.post, path + "/options", ["implementation": "scripted"]).status == 400)
    }

    @Test("an instance whose plugin is gone is kept, shown as missing, and shows no secret")
    func missingPlugin() async throws {
        let api = try await APIWorld("one")
        api.world.plugins.state.withLock { _ = $0.missing.insert("scripted") }
        let shown = await api.ask(.get, path + "/id-one")
        #expect(shown.json["status"]?["health"] == "missing" && !shown.text.contains("hunter2"))
        #expect(await api.ask(.put, path + "/id-one", ["name": "renamed"]).status == 200)
        #expect(await api.world.registry.instance("id-one")?.secrets == ["password": "hunter2-one"])
    }
}
