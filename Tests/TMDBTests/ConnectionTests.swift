import PluginAPI
import Testing

@testable import TMDB

@Suite(.timeLimit(.minutes(1)))
struct ConnectionTests {
    private static let picture = ServiceResponse(status: 200, headers: [HeaderField("Content-Type", "image/jpeg")])

    private func rig(change: (inout TMDBSettings) -> Void = { _ in }) throws -> Rig {
        let rig = try Rig("translations", "countries", "languages", "popular", change: change)
        rig.host.always(.init("GET", "/t/p/w92/poster-10331.jpg") { _ in Self.picture })
        return rig
    }

    @Test("the form and the settings have the same keys")
    func form() {
        #expect(SettingsKeys.differences(in: TMDBProvider.self) == [])
    }

    @Test("a test tries key, language, country and pictures")
    func good() async throws {
        let report = try await rig().plugin.test()
        #expect(report.checks.map(\.name) == ["connection", "key", "language", "region", "pictures"])
        #expect(report.checks.allSatisfy { $0.ok })
        #expect(report.warnings == [])
    }

    @Test("a refused key is said")
    func wrongKey() async throws {
        let rig = try rig()
        try rig.host.always("wrong key", of: rig.recording)
        let error = await failure { try await rig.plugin.test() }
        #expect(error?.code.value == .unauthorized)
        #expect(error?.field == "apiKey")
    }

    @Test("a language or a country that TMDB does not have fails its check")
    func unknownChoices() async throws {
        let report = try await rig { ($0.language, $0.region) = ("xx", "QQ") }.plugin.test()
        #expect(report.checks.filter { !$0.ok }.map(\.field) == ["language", "region"])
    }

    @Test("blocked pictures are a warning, for titles come all the same")
    func blockedPictures() async throws {
        let rig = try rig()
        rig.host.always(.init("GET", "/t/p/w92/poster-10331.jpg", failing: PluginError(.unreachable, "It is blocked.")))
        let report = try await rig.plugin.test()
        #expect(report.warnings.map(\.code) == ["no_pictures"])
        #expect(report.checks.allSatisfy { $0.ok })
    }

    @Test("languages and countries can be chosen from what TMDB has")
    func options() async throws {
        let rig = try rig()
        #expect(try await rig.plugin.options(for: "languages").first == .init("de-DE", label: "German (de-DE)"))
        #expect(try await rig.plugin.options(for: "regions").map(\.value) == ["DE", "FR", "US"])
        #expect(await failure { try await rig.plugin.options(for: "moons") }?.code.value == .unsupported)
    }

    @Test(
        "settings that make no sense are refused with their field",
        arguments: [
            ("apiKey", ""), ("url", "ftp://tmdb.test/3"), ("url", "http://tmdb.test/3?x=1"),
            ("language", "German, please"), ("region", "Germany"),
        ]
    )
    func senseless(field: String, value: String) {
        let change: (inout TMDBSettings) -> Void = { settings in
            switch field {
            case "apiKey": settings.apiKey = value
            case "url": settings.url = value
            case "language": settings.language = value
            default: settings.region = value
            }
        }
        let error = #expect(throws: PluginError.self) { _ = try Rig(change: change) }
        #expect(error?.code.value == .invalid)
        #expect(error?.field == field)
    }
}
