import FoundationEssentials
import PluginAPI
import Testing

@testable import MediaServer

@Suite("The test of a media server")
struct ConnectionTests {
    private let bench = MediaServerBench()

    private func checks(_ service: String, _ settings: [String: JSONValue] = [:]) async throws -> [String] {
        try await bench.notifier(service, settings).test().checks.map { "\($0.name) \($0.ok)" }
    }

    private let passes = ["connection true", "version true", "login true", "libraries true"]

    @Test("tells version and libraries")
    func passing() async throws {
        bench.answerJellyfin()
        #expect(try await checks("jellyfin", ["libraryPath": "/srv/library/films"]) == passes)
        bench.answerPlex()
        #expect(try await checks("plex", ["pathMappings": ["/a": "/media/tv"]]) == passes)
        bench.host.always(.init("GET", "/System/Info/Public", text: MediaServerBench.embyInfo))
        #expect(try await checks("emby") == passes)
    }

    @Test(
        "a folder that no library holds fails",
        arguments: [["libraryPath": "/elsewhere"], ["pathMappings": ["/a": "/elsewhere"]]] as [[String: JSONValue]]
    )
    func folders(settings: [String: JSONValue]) async throws {
        bench.answerJellyfin()
        #expect(try await checks("jellyfin", settings).last == "libraries false")
    }

    @Test("a server that starts says when it may be asked again, in seconds or as a time")
    func busy() async throws {
        for text in ["40", "Fri, 15 Jan 2027 08:00:40 GMT"] {
            let answer = ServiceResponse(status: 503, headers: [HeaderField("Retry-After", text)])
            bench.host.always(.init("GET", "/System/Info/Public") { _ in answer })
            let error = await #expect(throws: PluginError.self) { try await bench.notifier("jellyfin").test() }
            #expect(error?.retryAfter == 40, "\(text)")
        }
    }

    @Test("a wrong key is a failed login that names its field")
    func login() async throws {
        bench.answerJellyfin()
        bench.host.always(.init("GET", "/Library/VirtualFolders", status: 401))
        let report = try await bench.notifier("jellyfin").test()
        #expect(
            report.checks.last?.name == "login" && report.checks.last?.ok == false
                && report.checks.last?.field == "apiKey"
        )
    }

    @Test("a version that is too old fails")
    func version() async throws {
        bench.answerJellyfin()
        bench.host.always(
            .init("GET", "/System/Info/Public", text: #"{"Version":"10.5.5","ProductName":"Jellyfin Server"}"#)
        )
        let check = try #require(try await bench.notifier("jellyfin").test().checks.first { $0.name == "version" })
        #expect(!check.ok && check.message?.contains("10.6") == true)
    }

    @Test(
        "another program is told from the chosen one",
        arguments: [
            ("emby", MediaServerBench.jellyfinInfo), ("jellyfin", MediaServerBench.embyInfo), ("jellyfin", "<html>"),
            ("jellyfin", "{}"),
        ]
    )
    func stranger(service: String, answer: String) async throws {
        bench.host.always(.init("GET", "/System/Info/Public", text: answer))
        let error = await #expect(throws: PluginError.self) { _ = try await checks(service) }
        #expect(error?.code.value == .badResponse && error?.field == "service")
    }

    @Test(
        "settings that make no sense are refused with their field",
        arguments: [
            (["service": "kodi"], "service"), (["apiKey": "a b"], "apiKey"), (["urlBase": "a?b"], "urlBase"),
            (["host": ""], "host"),
        ] as [([String: JSONValue], String)]
    )
    func refused(settings: [String: JSONValue], field: String) {
        let error = #expect(throws: PluginError.self) { try bench.notifier("jellyfin", settings) }
        #expect(error?.code.value == .invalid && error?.field == field)
    }

    @Test(
        "the address has scheme, port and base",
        arguments: [
            ([:], "http://127.0.0.1:8096/System/Info/Public"),
            (
                ["tls": true, "port": 443, "urlBase": "/jelly/fin/"],
                "https://127.0.0.1:443/jelly/fin/System/Info/Public"
            ),
            (["host": "::1"], "http://[::1]:8096/System/Info/Public"),
        ] as [([String: JSONValue], String)]
    )
    func address(settings: [String: JSONValue], url: String) async throws {
        _ = try? await checks("jellyfin", settings)
        #expect(bench.host.requests.first?.url == url)
    }

    @Test("has a form whose fields are the keys of its settings")
    func keys() {
        #expect(SettingsKeys.differences(in: MediaServerNotifier.self) == [])
    }

    @Test("the key stands in no error, log or address")
    func secrets() async throws {
        bench.answerJellyfin()
        bench.host.always(.init("POST", "/Library/Media/Updated", status: 500))
        let notifier = try bench.notifier("jellyfin")
        let error = try #require(
            await #expect(throws: PluginError.self) {
                try await notifier.notify(MediaServerBench.event(.imported, "/srv/library/films/a.mkv"))
            }
        )
        #expect(!RecordedHost.leaks(error, of: ["key-12345"]) && bench.host.leaks(of: ["key-12345"]).isEmpty)
        #expect(bench.host.leaksInAddresses(of: ["key-12345"]).isEmpty)
    }
}
