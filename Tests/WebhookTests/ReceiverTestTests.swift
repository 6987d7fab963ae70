import FoundationEssentials
import PluginAPI
import Testing

@testable import Webhook

@Suite("The test of a webhook")
struct ReceiverTestTests {
    private let bench = WebhookBench()

    private func checks(_ settings: [String: JSONValue]) async throws -> [String] {
        try await bench.notifier(settings).test().checks.map { "\($0.name) \($0.ok)" }
    }

    @Test("asks nothing where nothing can be asked without a message", arguments: ["json", "form", "slack"])
    func nothing(format: String) async throws {
        #expect(try await checks(["format": .string(format)]) == ["settings true"])
        #expect(bench.host.requests.isEmpty)
    }

    @Test("Discord tells what the webhook is, or that there is none")
    func discord() async throws {
        bench.host.expect(.init("GET", "/films", text: #"{"id":"1","name":"Films","token":"x"}"#))
        bench.host.expect(.init("GET", "/films", status: 404, text: #"{"message":"Unknown Webhook","code":10015}"#))
        bench.host.expect(.init("GET", "/films", text: "<html>"))
        #expect(try await checks(["format": "discord"]) == ["connection true", "address true"])
        #expect(try await checks(["format": "discord"]) == ["connection true", "address false"])
        await #expect(throws: PluginError.self) { _ = try await checks(["format": "discord"]) }
    }

    @Test("ntfy is asked for its health and whether the topic is open")
    func ntfy() async throws {
        let settings: [String: JSONValue] = ["format": "ntfy", "apiKey": "tk"]
        bench.host.always(.init("GET", "/v1/health", text: #"{"healthy":true}"#))
        bench.host.expect(.init("GET", "/films/auth", text: #"{"success":true}"#))
        #expect(try await checks(settings) == ["connection true", "login true"])
        bench.host.expect(.init("GET", "/films/auth", status: 403))
        #expect(try await checks(settings) == ["connection true", "login false"])
    }

    @Test("Gotify tells its version and needs a token")
    func gotify() async throws {
        bench.host.always(.init("GET", "/version", text: #"{"version":"2.4.0"}"#))
        let settings: [String: JSONValue] = ["format": "gotify", "url": "https://gotify.example.com/"]
        #expect(try await checks(settings) == ["connection true", "login false"])
        #expect(try await checks(settings.merging(["apiKey": "A"]) { a, _ in a }) == ["connection true"])
    }

    @Test("Apprise API needs a key or addresses")
    func apprise() async throws {
        bench.host.always(.init("GET", "/status", text: "OK"))
        #expect(try await checks(["format": "apprise", "url": "http://x:8000/notify/films"]) == ["connection true"])
        #expect(
            try await checks(["format": "apprise", "url": "http://x:8000/notify"]) == [
                "connection true", "address false",
            ]
        )
    }

    @Test("takes every kind of event")
    func events() async throws {
        #expect(try await bench.notifier().supportedEvents().count == NotificationEvent.Kind.allCases.count)
    }

    @Test("has a form whose fields are the keys of its settings")
    func keys() {
        #expect(SettingsKeys.differences(in: WebhookNotifier.self) == [])
    }
}
