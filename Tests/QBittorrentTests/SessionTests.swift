import FoundationEssentials
import PluginAPI
import Testing

@testable import QBittorrent

struct SessionTests {
    private static let version = "/api/v2/app/version"

    @Test(
        "logs in and keeps the cookie, whatever its name",
        arguments: zip(Recording.all, ["SID=", "SID=", "QBT_SID_46269="])
    )
    func keepsCookie(recording: Recording, cookie: String) async throws {
        let rig = try Rig(recording)
        try rig.host.always("categories", of: recording.exchanges)
        #expect(try await rig.client.options(for: "categories").map(\.value) == ["movies"])
        let request = try #require(rig.host.requests.last)
        #expect(request.header("Cookie")?.hasPrefix(cookie) == true)
        #expect(request.header("Origin") == nil && request.header("Referer") == nil)
        #expect(rig.logins == 1)
    }

    @Test("gives name and password as form fields")
    func credentials() async throws {
        let rig = try Rig { $0.password = "a&b=c %ü" }
        rig.answer("POST", "auth/login", "Ok.")
        rig.answer("GET", "torrents/categories", "{}")
        _ = try await rig.client.options(for: "categories")
        let login = try #require(rig.host.requests.first)
        #expect(login.formFields == ["username": "rig", "password": "a&b=c %ü"])
    }

    @Test("works without a cookie where the login is bypassed")
    func bypass() async throws {
        let rig = try Rig {
            $0.username = ""
            $0.password = ""
        }
        rig.answer("GET", "torrents/categories", "{}")
        #expect(try await rig.client.options(for: "categories").isEmpty)
        #expect(rig.logins == 0)
    }

    @Test("asks for credentials when there are none and the server wants a login")
    func noCredentials() async throws {
        let rig = try Rig {
            $0.username = ""
            $0.password = ""
        }
        rig.answer("GET", "torrents/categories", status: 403, "Forbidden")
        let error = await #expect(throws: PluginError.self) { try await rig.client.options(for: "categories") }
        #expect(error?.code.value == .unauthorized)
        #expect(error?.field == "username")
    }

    @Test("tries a refused password once in 50 polls", arguments: Recording.all)
    func isNotHammered(recording: Recording) async throws {
        let rig = try Rig { $0.password = "wr0ng-pass" }
        try rig.host.always("login, wrong password", of: recording.exchanges)
        try rig.host.always("no login: 403", of: recording.exchanges)
        for _ in 0..<50 {
            let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
            #expect(error?.code.value == .unauthorized)
            #expect(error?.field == "password")
        }
        #expect(rig.logins == 1)
        #expect(rig.host.leaks(of: Rig.secrets).isEmpty)
    }

    @Test("many calls at once try a wrong password once", .timeLimit(.minutes(1)))
    func concurrentRefusal() async throws {
        let rig = try Rig()
        rig.answer("POST", "auth/login", "Fails.")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try? await rig.client.item(Recording.film) } }
        }
        #expect(rig.logins == 1)
    }

    @Test("an explicit test tries a refused password again, and a success opens the way")
    func testForgives() async throws {
        let recording = Recording.v4
        let rig = try Rig()
        try rig.host.expect("login, wrong password", of: recording.exchanges)
        await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        for name in [
            "login: the cookie is the session", "app/version", "app/webapiVersion", "app/preferences", "categories",
        ] {
            try rig.host.always(name, of: recording.exchanges)
        }
        rig.answer("POST", "auth/logout")
        #expect(try await rig.client.test().checks.allSatisfy(\.ok))
        try rig.host.always("sync/maindata, full", of: recording.exchanges)
        #expect(try await rig.client.changes(since: nil).items.count == 1)
    }

    @Test("logs in again once when the session has run out, and repeats the call")
    func expiry() async throws {
        let rig = try Rig(Recording.v4)
        rig.host.expect(.init("POST", "/api/v2/auth/login", text: "Ok."))
        rig.host.expect(.init("GET", "/api/v2/torrents/categories", status: 403, text: "Forbidden"))
        rig.host.expect(.init("POST", "/api/v2/auth/login", text: "Ok."))
        rig.host.expect(.init("GET", "/api/v2/torrents/categories", text: "{}"))
        #expect(try await rig.client.options(for: "categories").isEmpty)
        #expect(rig.host.unused.isEmpty)
    }

    @Test("many calls at once that find the session gone log in once", .timeLimit(.minutes(1)))
    func concurrentExpiry() async throws {
        let rig = try Rig()
        let host = rig.host
        rig.host.always(
            .init("POST", "/api/v2/auth/login") { _ in
                for _ in 0..<50 { await Task.yield() }
                let number = host.requests(to: "/api/v2/auth/login").count
                return ServiceResponse(status: 204, headers: [HeaderField("Set-Cookie", "SID=\(number); path=/")])
            }
        )
        // The first session ends as soon as it has been opened.
        rig.host.always(
            .init("GET", "/api/v2/torrents/categories") { request in
                await Task.yield()
                return request.header("Cookie") == "SID=2"
                    ? ServiceResponse(status: 200, body: Data("{}".utf8)) : ServiceResponse(status: 403)
            }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await rig.client.options(for: "categories") } }
            try await group.waitForAll()
        }
        #expect(rig.logins == 2)
    }

    @Test("a server that forbids everything gets one new login, not a loop")
    func forbidden() async throws {
        let rig = try Rig(Recording.v4)
        rig.answer("GET", "torrents/categories", status: 403, "Forbidden")
        let error = await #expect(throws: PluginError.self) { try await rig.client.options(for: "categories") }
        #expect(error?.code.value == .forbidden)
        #expect(rig.logins == 2)
    }

    @Test("a ban is named, and the login rests until a while later", arguments: Recording.all)
    func ban(recording: Recording) async throws {
        let rig = try Rig()
        try rig.host.always("login while banned: 403 even with the right password", of: recording.exchanges)
        for _ in 0..<10 {
            let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
            #expect(error?.code.value == .forbidden)
            #expect(error?.message.contains("banned") == true)
            #expect((error?.retryAfter ?? 0) > 0)
        }
        #expect(rig.logins == 1)
        rig.host.advance(bySeconds: 601)
        try rig.host.always("login: the cookie is the session", of: recording.exchanges)
        try rig.host.always("categories", of: recording.exchanges)
        #expect(try await rig.client.options(for: "categories").count == 1)
    }

    @Test("a refused Host header is told apart from a wrong password, and is not held against the credentials")
    func hostHeader() async throws {
        let rig = try Rig()
        rig.answer("POST", "auth/login", status: 401, "Unauthorized")
        rig.answer("GET", "app/version", status: 401, "Unauthorized")
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.code.value == .forbidden)
        #expect(error?.field == "host")
        #expect(error?.message.contains("Host header") == true)
        _ = try? await rig.client.changes(since: nil)
        #expect(rig.logins == 2)
    }

    @Test(
        "the words of a failure name the server",
        arguments: [
            (PluginError.Code.unreachable, "HTTPS on"), (.timeout, "15 seconds"), (.untrusted, "certificate"),
            (.badResponse, "HTTPS on"),
        ]
    )
    func words(code: PluginError.Code, hint: String) async throws {
        let rig = try Rig()
        rig.host.always(.init("POST", "/api/v2/auth/login", failing: PluginError(code, "Something broke.")))
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.code.value == code)
        #expect(error?.message.contains("127.0.0.1:8080") == true)
        #expect(error?.message.contains(hint) == true)
    }

    @Test("a redirect is not followed with the password, but explained without its query")
    func redirect() async throws {
        let rig = try Rig()
        rig.host.always(
            .init("POST", "/api/v2/auth/login") { _ in
                ServiceResponse(
                    status: 301,
                    headers: [HeaderField("Location", "https://other.example/login?token=abc")]
                )
            }
        )
        let error = await #expect(throws: PluginError.self) { try await rig.client.changes(since: nil) }
        #expect(error?.message.contains("https://other.example/login") == true)
        #expect(error?.message.contains("abc") == false)
        #expect(rig.host.requests.allSatisfy { !$0.followsRedirects })
    }

    @Test("no secret stands in a log, an address or an error")
    func secrecy() async throws {
        let rig = try Rig(Recording.v4)
        rig.answer("GET", "sync/maindata", status: 500, "rig")
        do {
            _ = try await rig.client.changes(since: nil)
            Issue.record("A 500 must fail the call.")
        } catch {
            #expect(!RecordedHost.leaks(error, of: Rig.secrets))
        }
        #expect(rig.host.leaks(of: Rig.secrets).isEmpty)
        #expect(rig.host.leaksInAddresses(of: Rig.secrets).isEmpty)
    }
}
