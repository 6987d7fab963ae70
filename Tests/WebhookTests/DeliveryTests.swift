import FoundationEssentials
import PluginAPI
import Testing

@testable import Webhook

@Suite("Sending")
struct DeliveryTests {
    private let bench = WebhookBench()

    private func failure(_ step: RecordedHost.Step, _ settings: [String: JSONValue] = [:]) async throws -> PluginError {
        bench.host.expect(step)
        let notifier = try bench.notifier(settings)
        return try #require(await #expect(throws: PluginError.self) { try await notifier.notify(WebhookBench.event()) })
    }

    @Test(
        "says what an answer means, and whether to try again",
        arguments: [
            (301, PluginError.Code.badResponse, "sends elsewhere"), (400, .invalid, "status 400"),
            (401, .unauthorized, "token"),
            (403, .forbidden, "allow"), (404, .notFound, "no such address"), (408, .remoteFailure, "in time"),
            (410, .notFound, "deleted"), (413, .invalid, "413"), (422, .invalid, "422"),
            (429, .rateLimited, "fewer messages"),
            (500, .remoteFailure, "status 500"), (503, .remoteFailure, "status 503"),
        ]
    )
    func statuses(status: Int, code: PluginError.Code, words: String) async throws {
        let error = try await failure(.init("POST", "/films", status: status))
        #expect(
            error.code == code && error.message.contains(words) && error.message.contains("hooks.example.com")
        )
        #expect(!error.message.contains("/films"))
    }

    @Test(
        "repeats a few words of the receiver, and no page",
        arguments: [
            (#"{"message":"Unknown  Webhook","code":10015}"#, " It says: Unknown Webhook"),
            ("invalid_payload\n", " It says: invalid_payload"),
            ("<html>no</html>", ""), (#"{"code":1}"#, ""), ("", ""),
        ]
    )
    func detail(body: String, words: String) async throws {
        let error = try await failure(.init("POST", "/films", status: 400, text: body))
        #expect(error.message.hasSuffix("status 400." + words))
    }

    @Test(
        "waits as long as Discord or a header says",
        arguments: [
            (#"{"retry_after":0.3}"#, "9", 1), (#"{"retry_after":64.57,"global":false}"#, "1", 65), ("", "7", 7),
            ("", "soon", nil), ("", "Fri, 15 Jan 2027 08:00:40 GMT", 40),
        ] as [(String, String, Int?)]
    )
    func rateLimit(body: String, header: String, seconds: Int?) async throws {
        let answer = ServiceResponse(status: 429, headers: [.init("Retry-After", header)], body: Data(body.utf8))
        let error = try await failure(.init("POST", "/films") { _ in answer })
        #expect(error.code == .rateLimited && error.retryAfter == seconds)
    }

    @Test("a redirect is named without what may be secret in it")
    func redirect() async throws {
        let answer = ServiceResponse(status: 302, headers: [.init("Location", "https://other.example.com/key-123?x=1")])
        let error = try await failure(.init("POST", "/films") { _ in answer })
        #expect(error.message.contains("https://other.example.com,") && !error.message.contains("key-123"))
        #expect(bench.host.requests.count == 1)
    }

    @Test("signs body, and time with body")
    func signature() async throws {
        bench.host.always(.init("POST", "/films"))
        try await bench.notifier(["signingSecret": "hush"]).notify(WebhookBench.event())
        let request = try #require(bench.host.requests.last)
        let (body, key) = (try #require(request.body), Data("hush".utf8))
        #expect(request.header("X-Kinodock-Signature") == "sha256=" + HMACSHA256.hex(of: body, key: key))
        let time = try #require(request.header("X-Kinodock-Timestamp"))
        #expect(time == "1800000000")
        let timed = HMACSHA256.hex(of: Data((time + ".").utf8) + body, key: key)
        #expect(request.header("X-Kinodock-Signature-Timestamped") == "sha256=" + timed)
    }

    @Test("sends own headers, and the token in the header that is named")
    func headers() async throws {
        bench.host.always(.init("POST", "/films"))
        let settings: [String: JSONValue] = [
            "headers": ["X-Place": "home"], "apiKey": "t0ken", "apiKeyHeader": "X-Token",
        ]
        try await bench.notifier(settings).notify(WebhookBench.event())
        let request = try #require(bench.host.requests.last)
        #expect(
            request.header("X-Place") == "home" && request.header("X-Token") == "t0ken"
                && request.header("Authorization") == nil
        )
    }

    @Test("a template is rendered with its content type, and refused when it gives no JSON")
    func template() async throws {
        bench.host.always(.init("POST", "/films"))
        let good: [String: JSONValue] = ["format": "template", "template": #"{"a":"{{details.path}}"}"#]
        try await bench.notifier(good).notify(WebhookBench.event())
        #expect(bench.host.requests.last?.body == Data(#"{"a":"/films/Nosferatu \"1922\".mkv"}"#.utf8))
        let bad: [String: JSONValue] = ["format": "template", "template": #"{"a":{{details.path}}}"#]
        let error = #expect(throws: PluginError.self) { try bench.notifier(bad) }
        #expect(error?.code.value == .invalid && error?.field == "template")
        #expect(error?.message.contains("no valid JSON") == true)
    }

    @Test(
        "settings that make no sense are refused with their field",
        arguments: [
            (["url": "ftp://x"], "url"), (["url": "https:///x"], "url"), (["url": "https://x/a b"], "url"),
            (["format": "fax"], "format"),
            (["headers": ["Host": "x"]], "headers"), (["headers": ["a b": "x"]], "headers"),
            (["headers": ["a": "x\r\nb: c"]], "headers"),
            (["apiKey": "a\nb"], "apiKey"), (["apiKeyHeader": "Content-Length"], "apiKeyHeader"),
            (["contentType": "json"], "contentType"),
            (["format": "ntfy", "url": "https://ntfy.sh/"], "url"),
            (["format": "template", "template": "{{"], "template"),
            (["format": "discord", "sender": "My Discord"], "sender"),
            (["format": "discord", "sender": "here"], "sender"),
        ] as [([String: JSONValue], String)]
    )
    func refused(settings: [String: JSONValue], field: String) throws {
        let error = #expect(throws: PluginError.self) { try bench.notifier(settings) }
        #expect(error?.code.value == .invalid && error?.field == field)
    }

    @Test(
        "Slack's page is no success",
        arguments: [("ok", true), (" ok\n", true), (#"{"success":true}"#, true), ("", true), ("<html>", false)]
    )
    func slack(answer: String, isTaken: Bool) async throws {
        bench.host.always(.init("POST", "/films", text: answer))
        let notifier = try bench.notifier(["format": "slack"])
        if isTaken {
            try await notifier.notify(WebhookBench.event())
        } else {
            await #expect(throws: PluginError.self) { try await notifier.notify(WebhookBench.event()) }
        }
    }

    @Test(
        "a page for browsers comes from somebody else than the service",
        arguments: ["discord", "ntfy", "gotify", "apprise"]
    )
    func pages(format: String) async throws {
        for path in ["/", "/films", "/message", "/films/message"] {
            bench.host.always(.init("POST", path, text: "\n<!doctype html><html>Sign in</html>"))
        }
        let notifier = try bench.notifier(["format": .string(format), "apiKey": "A1"])
        let error = await #expect(throws: PluginError.self) { try await notifier.notify(WebhookBench.event()) }
        #expect(error?.code.value == .badResponse && error?.field == "url")
    }

    @Test("Apprise API that knows nobody under the key has told nobody")
    func appriseWithoutAddresses() async throws {
        let error = try await failure(.init("POST", "/films", status: 204), ["format": "apprise"])
        #expect(error.code.value == .notFound && error.message.contains("nobody was told"))
    }

    @Test("failures of the connection are in words, and name no path")
    func connection() async throws {
        for code in [PluginError.Code.unreachable, .timeout, .untrusted, .badResponse] {
            let error = try await failure(.init("POST", "/films", failing: PluginError(code, "Refused.")))
            #expect(
                error.code == code && error.message.contains("hooks.example.com")
                    && !error.message.contains("/films")
            )
        }
    }

    @Test("the address and secrets stand in no log", arguments: MessageFormat.allCases)
    func secrets(format: MessageFormat) async throws {
        for path in ["/films", "/", "/films/message"] { bench.host.always(.init("POST", path, status: 500)) }
        let settings: [String: JSONValue] = [
            "format": .string(format.rawValue), "apiKey": "t0ken-x", "signingSecret": "hush-x", "template": "{}",
        ]
        let notifier = try bench.notifier(settings)
        let error = try #require(
            await #expect(throws: PluginError.self) { try await notifier.notify(WebhookBench.event()) }
        )
        #expect(!RecordedHost.leaks(error, of: ["t0ken-x", "hush-x", "/films"]))
        #expect(bench.host.leaks(of: ["t0ken-x", "hush-x", WebhookBench.address]).isEmpty)
    }
}
