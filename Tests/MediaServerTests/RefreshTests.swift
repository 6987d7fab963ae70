import FoundationEssentials
import PluginAPI
import Testing

@testable import MediaServer

@Suite("Refreshing", .timeLimit(.minutes(1)))
struct RefreshTests {
    private let bench = MediaServerBench()

    @Test("Jellyfin and Emby are told the changed paths and nothing else", arguments: ["jellyfin", "emby"])
    func jellyfin(service: String) async throws {
        bench.answerJellyfin()
        let event = MediaServerBench.event(
            .upgraded,
            "/srv/library/films/a.mkv",
            replaced: ["/srv/library/films/old.mkv"]
        )
        try await bench.notifier(service).notify(event)
        #expect(bench.updates == [["Deleted /media/films/old.mkv", "Created /media/films/a.mkv"]])
        let request = try #require(bench.host.requests.last)
        #expect(request.url == "http://127.0.0.1:8096/Library/Media/Updated")
        #expect(request.header("Authorization") == (service == "jellyfin" ? "MediaBrowser Token=\"key-12345\"" : nil))
        #expect(request.header("X-Emby-Token") == (service == "emby" ? "key-12345" : nil))
    }

    @Test("Plex looks at the folder of the path, in the library that holds it, once")
    func plex() async throws {
        bench.answerPlex()
        let event = MediaServerBench.event(
            .imported,
            "/srv/library/tv/Show & Co/e1.mkv",
            "/srv/library/tv/Show & Co/e2.mkv"
        )
        try await bench.notifier("plex").notify(event)
        let refreshes = bench.host.requests.filter { $0.url.contains("/refresh") }
        #expect(
            refreshes.map(\.url) == [
                "http://127.0.0.1:32400/library/sections/2/refresh?path=%2Fmedia%2Ftv%2FShow%20%26%20Co"
            ]
        )
        #expect(refreshes.first?.header("X-Plex-Token") == "key-12345")
    }

    @Test(
        "what is deleted, and what a file takes the place of, is told as that",
        arguments: [
            (NotificationEvent.Kind.deleted, [String](), "Deleted"),
            (.upgraded, ["/srv/library/films/a.mkv"], "Modified"), (.imported, [], "Created"),
        ]
    )
    func kinds(kind: NotificationEvent.Kind, replaced: [String], word: String) async throws {
        bench.answerJellyfin()
        try await bench.notifier("jellyfin").notify(
            MediaServerBench.event(kind, "/srv/library/films/a.mkv", replaced: replaced)
        )
        #expect(bench.updates == [[word + " /media/films/a.mkv"]])
    }

    @Test("an event without paths asks nobody")
    func nothing() async throws {
        try await bench.notifier("jellyfin").notify(MediaServerBench.event(.deleted))
        #expect(bench.host.requests.isEmpty)
    }

    @Test("a path that no library holds is said with what there is, and not asked for again and again")
    func lost() async throws {
        bench.answerJellyfin()
        let notifier = try bench.notifier("jellyfin")
        let error = try #require(
            await #expect(throws: PluginError.self) {
                try await notifier.notify(MediaServerBench.event(.imported, "/elsewhere/a.mkv"))
            }
        )
        #expect(error.code == .notFound && error.field == "pathMappings")
        #expect(error.message.contains("/elsewhere/a.mkv") && error.message.contains("/media/films, /media/tv"))
        try await notifier.notify(MediaServerBench.event(.imported, "/srv/library/films/a.mkv"))
        #expect(bench.updates == [["Created /media/films/a.mkv"]])
    }

    @Test("changes that follow soon are told together, and kept by the host until then")
    func joined() async throws {
        bench.answerJellyfin()
        let sleeper = StillClock()
        let settings = try JSONDecoder().decode(
            MediaServerSettings.self,
            from: Data(
                #"{"service":"jellyfin","host":"h","tls":false,"apiKey":"k","joinSeconds":5,"verifyCertificate":true,"timeoutSeconds":5}"#
                    .utf8
            )
        )
        let notifier = try MediaServerNotifier(settings: settings, host: bench.host, sleeper: sleeper)
        for name in ["a", "b", "c", "b"] {
            try await notifier.notify(MediaServerBench.event(.imported, "/media/films/\(name).mkv"))
        }
        #expect(bench.updates == [["Created /media/films/a.mkv"]])
        let kept = try #require(try await bench.host.value(for: "pending"))
        #expect(
            try JSONDecoder().decode([Change].self, from: kept).map(\.path) == [
                "/media/films/c.mkv", "/media/films/b.mkv",
            ]
        )
        sleeper.wake()
        try await eventually { bench.updates.count == 2 }
        #expect(bench.updates.last == ["Created /media/films/c.mkv", "Created /media/films/b.mkv"])
        try await eventually { try await bench.host.value(for: "pending") == nil }
        await notifier.shutDown()
    }

    @Test("what the last run has left is told after the start")
    func leftover() async throws {
        bench.answerJellyfin()
        let pending = [Change(path: "/media/films/a.mkv", kind: .created)]
        try await bench.host.setValue(try JSONEncoder().encode(pending), for: "pending")
        let notifier = try bench.notifier("jellyfin", ["joinSeconds": 0])
        #expect(try await notifier.supportedEvents() == [.known(.imported), .known(.upgraded), .known(.deleted)])
        try await eventually { !bench.updates.isEmpty }
        #expect(bench.updates == [["Created /media/films/a.mkv"]])
    }

    @Test("a failure is told, and the change is tried again with the next one")
    func failure() async throws {
        bench.answerJellyfin()
        bench.host.expect(.init("GET", "/Library/VirtualFolders", status: 503))
        let notifier = try bench.notifier("jellyfin")
        let error = await #expect(throws: PluginError.self) {
            try await notifier.notify(MediaServerBench.event(.imported, "/srv/library/films/a.mkv"))
        }
        #expect(error?.code.value == .remoteFailure)
        try await notifier.notify(MediaServerBench.event(.imported, "/srv/library/films/b.mkv"))
        #expect(bench.updates == [["Created /media/films/a.mkv", "Created /media/films/b.mkv"]])
    }

    /// Waits for what happens in the background, for at most ten seconds.
    private func eventually(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if try await condition() { return }
            await Task.yield()
        }
        Issue.record("It has not happened.")
    }
}
