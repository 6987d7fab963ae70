import FoundationEssentials
import PluginAPI
import Testing

@testable import QBittorrent

struct ConnectionTests {
    /// A rig that answers a test of the connection; `preferences` and `categories` change the recorded ones.
    private func rig(
        _ recording: Recording = .v4,
        preferences: JSONValue = [:],
        categories: JSONValue? = nil,
        change: (inout QBittorrentSettings) -> Void = { _ in }
    ) throws -> Rig {
        let rig = try Rig(recording, change: change)
        for name in ["app/version", "app/webapiVersion", "categories"] {
            try rig.host.always(name, of: recording.exchanges)
        }
        let recorded = try recording.exchanges.exchange("app/preferences").response.body?.object ?? [:]
        let changed = recorded.merging(preferences.object ?? [:]) { _, new in new }
        try rig.answer("GET", "app/preferences", .object(changed))
        if let categories { try rig.answer("GET", "torrents/categories", categories) }
        try rig.host.always("logout", of: recording.exchanges)
        return rig
    }

    @Test("reports version, paths and categories", arguments: Recording.all)
    func report(recording: Recording) async throws {
        let rig = try rig(recording)
        let report = try await rig.client.test()
        #expect(report.version == "v" + recording.version)
        #expect(report.apiVersion?.hasPrefix("2.") == true)
        #expect(report.savePath == "/data/qbittorrent/downloads")
        #expect(report.categories == ["movies": "/data/qbittorrent/downloads"])
        #expect(report.checks.map(\.name) == ["connection", "login", "api", "category"])
        #expect(report.checks.allSatisfy { $0.ok })
        #expect(report.warnings.map(\.code) == ["incomplete_path"])
    }

    @Test("logs in anew although a session is open, and ends only its own")
    func freshLogin() async throws {
        let rig = try rig()
        _ = try await rig.client.options(for: "categories")
        rig.host.forgetRequests()
        _ = try await rig.client.test()
        #expect(rig.host.requests.first?.target == "/api/v2/auth/login")
        #expect(rig.host.requests.first?.header("Cookie") == nil)
        #expect(rig.host.requests.last?.target == "/api/v2/auth/logout")
        rig.host.forgetRequests()
        _ = try await rig.client.options(for: "categories")
        #expect(rig.logins == 0)
    }

    @Test("a password that became wrong is a failed check", arguments: Recording.all)
    func wrongPassword(recording: Recording) async throws {
        let rig = try rig(recording)
        try rig.host.always("login, wrong password", of: recording.exchanges)
        if recording.version == "5.2.3" { try rig.host.always("no login: 403", of: recording.exchanges) }
        let login = try #require(try await rig.client.test().checks.last)
        #expect(login.name == "login" && !login.ok && login.field == "password")
    }

    @Test("no connection at all is an error")
    func unreachable() async throws {
        let rig = try Rig()
        rig.host.always(.init("POST", "/api/v2/auth/login", failing: PluginError(.unreachable, "Refused.")))
        let error = await #expect(throws: PluginError.self) { try await rig.client.test() }
        #expect(error?.code.value == .unreachable)
    }

    @Test("another program at this address is named")
    func stranger() async throws {
        let rig = try rig()
        rig.answer("GET", "app/version", "<html>My router, version 5</html>")
        let error = await #expect(throws: PluginError.self) { try await rig.client.test() }
        #expect(error?.code.value == .badResponse)
    }

    @Test(
        "warns of what will surprise",
        arguments: [
            (["max_ratio_act": 1], "removes_when_seeded"), (["max_ratio_act": 3], "deletes_when_seeded"),
            (["start_paused_enabled": true], "adds_stopped"), (["add_stopped_enabled": true], "adds_stopped"),
            (["queueing_enabled": true, "max_active_downloads": 0], "queue_is_shut"),
            (["queueing_enabled": true, "max_active_torrents": 0], "queue_is_shut"),
        ] as [(JSONValue, String)]
    )
    func warnings(preferences: JSONValue, code: String) async throws {
        let rig = try rig(preferences: preferences)
        #expect(try await rig.client.test().warnings.map(\.code).contains(code))
    }

    @Test("does not warn without reason")
    func noWarning() async throws {
        let rig = try rig(preferences: [
            "temp_path_enabled": false, "queueing_enabled": false, "max_active_torrents": 0,
        ])
        #expect(try await rig.client.test().warnings.isEmpty)
    }

    @Test("warns when the category saves elsewhere", arguments: [("/other", true), ("/data/m/", false), ("", false)])
    func categoryPath(path: String, isWarned: Bool) async throws {
        let rig = try rig(categories: ["movies": ["savePath": .string(path)]]) { $0.savePath = "/data/m" }
        #expect(try await rig.client.test().warnings.contains { $0.code == "category_path_differs" } == isWarned)
    }

    @Test("an API that is too old is a failed check")
    func oldAPI() async throws {
        let rig = try rig()
        rig.answer("GET", "app/webapiVersion", "1.9")
        #expect(try await rig.client.test().checks.contains { $0.name == "api" && !$0.ok })
    }

    @Test("4.1 without a list of categories passes")
    func noCategories() async throws {
        let rig = try rig()
        rig.answer("GET", "torrents/categories", status: 404)
        let report = try await rig.client.test()
        #expect(report.categories == [:])
        #expect(report.checks.last?.message?.contains("created") == true)
    }
}

struct SettingsTests {
    private func settings(_ json: String) throws -> QBittorrentSettings {
        try JSONDecoder().decode(QBittorrentSettings.self, from: Data(json.utf8))
    }

    @Test(
        "absent, null and empty values are defaults",
        arguments: ["{}", #"{"host":null,"port":null,"username":"","other":1}"#]
    )
    func defaults(json: String) throws {
        #expect(try settings(json) == QBittorrentSettings())
    }

    @Test("reads every value, numbers also as text")
    func values() throws {
        let json = """
            {"host":"nas","port":"8443","tls":true,"urlBase":"/qb/","username":"u","password":"p","category":"",
            "savePath":"/d","addPaused":true,"seedRatioLimit":"1.5","seedTimeLimit":60.0,"sequential":true,
            "timeoutSeconds":5,"verifyCertificate":false}
            """
        let read = try settings(json)
        #expect(read.port == 8443 && read.seedRatioLimit == 1.5 && read.seedTimeLimit == 60 && read.category.isEmpty)
        #expect(try ServiceAddress(read).base == "https://nas:8443/qb/")
        #expect(try settings(String(decoding: JSONEncoder().encode(read), as: UTF8.self)) == read)
    }

    @Test("the form has a field for each value, under the same key and with the same default")
    func manifest() throws {
        let encoded = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(QBittorrentSettings()))
        let fields = QBittorrentClient.manifest.settings.fields
        #expect(SettingsKeys.differences(in: QBittorrentClient.self) == [])
        for field in fields {
            guard let value = field.default else { continue }
            #expect(encoded[field.key] == value, "\(field.key)")
        }
        #expect(fields.filter { $0.type == .secret }.map(\.key) == ["password"])
    }

    @Test(
        "an address that makes no sense is refused with its field",
        arguments: [
            ("http://nas", 80, "", "host"), ("nas:80", 80, "", "host"), ("na s", 80, "", "host"),
            ("u@nas", 80, "", "host"),
            ("nas/x", 80, "", "host"), ("nas\r\nX: y", 80, "", "host"), ("nas", 0, "", "port"),
            ("nas", 65_536, "", "port"),
            ("nas", 80, "a b", "urlBase"), ("nas", 80, "/a?b", "urlBase"),
        ]
    )
    func badAddress(host: String, port: Int, urlBase: String, field: String) {
        var settings = QBittorrentSettings()
        (settings.host, settings.port, settings.urlBase) = (host, port, urlBase)
        let error = #expect(throws: PluginError.self) {
            try QBittorrentClient(settings: settings, host: RecordedHost())
        }
        #expect(error?.code.value == .invalid)
        #expect(error?.field == field)
    }

    @Test(
        "addresses",
        arguments: [
            ("::1", "http://[::1]:8080/"), ("[::1]", "http://[::1]:8080/"),
            ("nas", "http://nas:8080/"),
        ]
    )
    func address(host: String, base: String) throws {
        var settings = QBittorrentSettings()
        settings.host = host
        #expect(try ServiceAddress(settings).base == base)
    }
}
