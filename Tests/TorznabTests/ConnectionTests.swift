import FoundationEssentials
import PluginAPI
import Testing

@testable import Torznab

@Suite("The test of a connection", .timeLimit(.minutes(1)))
struct ConnectionTests {
    @Test("reports what works")
    func works() async throws {
        let rig = try Rig { $0.categories = [2040] }
        rig.answer("search", Rig.feed(1..<3))
        let report = try await rig.indexer.test()
        #expect(report.version == "Prowlarr")
        #expect(report.checks.map(\.name) == ["connection", "login", "search", "results", "categories"])
        #expect(report.checks.allSatisfy { $0.ok } && report.warnings.isEmpty)
    }

    @Test("asks afresh, whatever is known")
    func fresh() async throws {
        let rig = try Rig()
        rig.answer("search", Rig.feed(1..<3))
        _ = try await rig.indexer.capabilities()
        rig.host.forgetRequests()
        _ = try await rig.indexer.test()
        #expect(rig.host.requests.map { $0.parameter("t") } == ["caps", "search"])
    }

    @Test(
        "a refused key is a failed check, also where anybody may ask for the capabilities",
        arguments: [100, 101, 102]
    )
    func wrongKey(code: Int) async throws {
        let rig = try Rig()
        rig.answer("search", "<error code='\(code)' description='No'/>")
        let login = try #require(try await rig.indexer.test().checks.last)
        #expect(login.name == "login" && !login.ok && login.message?.isEmpty == false)
    }

    @Test("categories that the indexer does not have are named")
    func categories() async throws {
        let rig = try Rig { $0.categories = [2040, 9999] }
        rig.answer("search", Rig.feed(1..<3))
        let check = try #require(try await rig.indexer.test().checks.last)
        #expect(!check.ok && check.field == "categories" && check.message?.contains("9999") == true)
        #expect(check.message?.contains("2040") == false)
    }

    @Test("an indexer that searches by title only works with a warning")
    func byTitle() async throws {
        let rig = try Rig(caps: "old-caps")
        rig.answer("search", Rig.feed(0..<0))
        let report = try await rig.indexer.test()
        #expect(report.checks.allSatisfy { $0.ok })
        #expect(report.warnings.map(\.code) == ["movies_by_text", "series_by_text"])
    }

    @Test("no connection, and something else at the address, are errors")
    func nothing() async throws {
        let gone = try Rig(caps: nil)
        gone.answer("caps") { _ in throw PluginError(.unreachable, "Refused.") }
        let error = await #expect(throws: PluginError.self) { try await gone.indexer.test() }
        #expect(error?.code.value == .unreachable && error?.field == "url")
        let router = try Rig(caps: nil)
        router.answer("caps", "<html>My router</html>")
        #expect(await #expect(throws: PluginError.self) { try await router.indexer.test() }?.code.value == .badResponse)
    }
}
