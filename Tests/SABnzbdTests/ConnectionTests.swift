import FoundationEssentials
import PluginAPI
import Testing

@testable import SABnzbd

struct ConnectionTests {
    private func rig(change: (inout SABnzbdSettings) -> Void = { _ in }) throws -> Rig {
        let rig = try Rig(change: change)
        try rig.always("version needs no key", "empty queue", "servers")
        for (section, name) in [("misc", "misc"), ("categories", "categories")] {
            let body = try Recording.exchanges.exchange(name).response.serviceResponse().body
            rig.answer("get_config", ["section": section], String(decoding: body, as: UTF8.self))
        }
        return rig
    }

    @Test("a working SABnzbd passes every check and names its folders")
    func works() async throws {
        let report = try await rig().client.test()
        #expect(report.version == "3.7.1" && report.savePath == "/data/sab/complete/movies")
        #expect(report.checks.allSatisfy { $0.ok })
        #expect(
            report.checks.map(\.name) == [
                "connection", "login", "version", "save_path", "category", "post_processing", "news_servers",
            ]
        )
        #expect(report.categories?["tv"] == "/data/sab/complete/tv")
    }

    @Test("the NZB key is told from a wrong key, and a missing one from both")
    func keys() async throws {
        for (refusal, adding, words) in [
            ("the NZB key cannot read", "the NZB key may add", "NZB key"),
            ("wrong key", "a wrong key may not add", "refuses this API key"),
        ] {
            let rig = try rig()
            try rig.always(refusal, adding)
            let check = try #require(try await rig.client.test().checks.last)
            #expect(check.name == "login" && !check.ok && check.field == "apiKey")
            #expect(check.message?.contains(words) == true)
        }
    }

    @Test("the words of a refusal say what to do")
    func refusals() async throws {
        for (name, field, words) in [
            ("no key", "apiKey", "asks for its API key"), ("wrong key", "apiKey", "NZB key"),
        ] {
            let rig = try Rig()
            try rig.always(name)
            let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
            #expect(error?.code.value == .unauthorized && error?.field == field)
            #expect(error?.message.contains(words) == true)
        }
        let rig = try Rig()
        try rig.always("host name that is not on the whitelist")
        let check = try #require(try await rig.client.test().checks.last)
        #expect(!check.ok && check.field == "host" && check.message?.contains("host_whitelist") == true)
    }

    @Test(
        "another program, a cut answer and a proxy are said in words",
        arguments: [
            (200, "<html>Welcome to the router</html>", PluginError.Code.badResponse), (200, "", .badResponse),
            (200, #"{"queue":{"slots":[{"nzo"#, .badResponse), (404, "", .notFound), (502, "", .unreachable),
            (302, "", .badResponse), (500, "", .remoteFailure), (401, "", .forbidden),
            (200, #"{"status":false,"error":"not implemented"}"#, .unsupported),
        ]
    )
    func nonsense(status: Int, body: String, code: PluginError.Code) async throws {
        let rig = try Rig()
        rig.answer("queue", status: status, body)
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.code.value == code)
        let thrown = try #require(error)
        #expect(!RecordedHost.leaks(thrown, of: [Rig.key]))
    }

    @Test("an old version, a category that does not unpack and no news server fail the test")
    func shortcomings() async throws {
        let rig = try rig()
        rig.answer("version", #"{"version":"2.3.9"}"#)
        rig.answer("fullstatus", #"{"status":{"servers":[]}}"#)
        rig.answer(
            "get_config",
            ["section": "categories"],
            #"{"config":{"categories":[{"name":"*","pp":"3","dir":""},{"name":"movies","pp":"1","dir":"m*"}]}}"#
        )
        let failed = try await rig.client.test().checks.filter { !$0.ok }
        #expect(failed.map(\.name) == ["version", "post_processing", "news_servers"])
        #expect(failed.allSatisfy { ($0.message?.count ?? 0) > 20 })
    }

    @Test("a category that no download could have fails the test", arguments: ["../films", "a/b"])
    func category(name: String) async throws {
        let rig = try rig { $0.category = name }
        let report = try await rig.client.test()
        #expect(report.checks.filter { !$0.ok }.map(\.field) == ["category"])
    }

    @Test("the choices of categories leave out the default one")
    func options() async throws {
        let options = try await rig().client.options(for: "categories")
        #expect(options.map(\.value) == ["movies", "tv"])
        await #expect(throws: PluginError.self) { try await rig().client.options(for: "colours") }
    }

    @Test("settings decode from texts, numbers and nothing", arguments: [#"{}"#, #"{"port":"8080","category":null}"#])
    func settings(json: String) throws {
        let settings = try JSONDecoder().decode(SABnzbdSettings.self, from: Data(json.utf8))
        #expect(settings == SABnzbdSettings())
    }
}
