import FoundationEssentials
import PluginAPI
import Testing

@testable import NZBGet

struct ConnectionTests {
    private func rig() throws -> Rig {
        let rig = try Rig()
        try rig.answerEmpty()
        try rig.always("version", "version")
        try rig.always("config", "config")
        return rig
    }

    @Test("a working NZBGet passes every check and names its folders")
    func works() async throws {
        let report = try await rig().client.test()
        #expect(report.version == "21.0" && report.savePath == "/data/complete/movies")
        #expect(report.checks.allSatisfy { $0.ok })
        #expect(report.categories == ["movies": "/data/complete/movies", "tv": "/data/complete/tv"])
        #expect(try await rig().client.options(for: "categories").map(\.value) == ["movies", "tv"])
    }

    @Test("a category that no download could have fails the test; of an unknown one the folder is not there yet")
    func categories() async throws {
        let rig = try Rig { $0.category = "../films" }
        try rig.answerEmpty()
        try rig.always("config", "config")
        let report = try await rig.client.test()
        #expect(report.checks.filter { !$0.ok }.map(\.field) == ["category"])
        #expect(report.savePath == "/data/complete")
    }

    @Test("a wrong password is a failed login, and so is a user who may only add")
    func logins() async throws {
        for (method, name, field) in [
            ("version", "wrong password", "password"), ("config", "config for a user who may only add", "username"),
        ] {
            let rig = try rig()
            try rig.always(method, name)
            let check = try #require(try await rig.client.test().checks.last)
            #expect(check.name == "login" && !check.ok && check.field == field, "\(name)")
        }
    }

    @Test(
        "another program, a cut answer and a proxy are said in words",
        arguments: [
            (200, "<html>Welcome to the router</html>", PluginError.Code.badResponse), (200, "", .badResponse),
            (200, #"{"result":[{"NZBID""#, .badResponse), (404, "", .notFound), (502, "", .unreachable),
            (302, "", .badResponse), (500, "", .remoteFailure), (401, "", .unauthorized),
            (200, #"{"error":{"name":"JSONRPCError","code":1,"message":"Invalid procedure"}}"#, .unsupported),
        ]
    )
    func nonsense(status: Int, body: String, code: PluginError.Code) async throws {
        let rig = try Rig()
        rig.host.always(.init("POST", "/jsonrpc", status: status, text: body))
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.code.value == code)
        let thrown = try #require(error)
        #expect(!RecordedHost.leaks(thrown, of: [Rig.password]))
    }

    @Test("no unpacking, no history, no news server and an old version fail the test")
    func shortcomings() async throws {
        let rig = try rig()
        rig.answer("version", #""13.0""#)
        rig.answer(
            "config",
            """
            [{"Name":"DestDir","Value":"${MainDir}/done"},{"Name":"MainDir","Value":"/m"},{"Name":"Unpack","Value":"no"},
            {"Name":"KeepHistory","Value":"0"},{"Name":"HealthCheck","Value":"pause"}]
            """
        )
        let report = try await rig.client.test()
        #expect(
            report.checks.filter { !$0.ok }.map(\.name) == ["version", "post_processing", "history", "news_servers"]
        )
        #expect(report.savePath == "/m/done")
        #expect(report.warnings.map(\.code).contains("health_check"))
    }
}
