import FoundationEssentials
import PluginAPI
import Testing

@testable import Ntfy

@Suite("The ntfy plugin")
struct NtfyTests {
    private let host = RecordedHost()

    /// An instance that is called as the server calls it, with JSON, and that talks to a recorded host.
    private func notifier(_ settings: String = #"{"topic":"films","apiKey":"hush"}"#) throws -> RemoteNotifier {
        RemoteNotifier(try LoopbackTransport(NtfyPlugin.self, settings: Data(settings.utf8), host: host))
    }

    private func event(_ kind: NotificationEvent.Kind) -> NotificationEvent {
        NotificationEvent(id: "1", kind: kind, time: "2026-01-02T03:04:05Z", title: "Nosferatu", message: "It is here.")
    }

    @Test("publishes an event to its topic, with the token")
    func publishes() async throws {
        host.expect(.init("POST", "/"))
        try await notifier().notify(event(.imported))
        let request = try #require(host.requests.first)
        #expect(request.url == "https://ntfy.sh")
        #expect(request.header("Authorization") == "Bearer hush")
        let body = try JSONDecoder().decode(JSONValue.self, from: try #require(request.body))
        #expect(body.object?["topic"]?.string == "films")
        #expect(body.object?["title"]?.string == "Nosferatu")
        #expect(body.object?["priority"]?.number == 3)
        #expect(host.unexpected.isEmpty)
    }

    @Test("makes what needs a person more urgent, and never more than ntfy knows")
    func priority() {
        #expect(NtfyMessage(event(.imported), priority: 3).priority == 3)
        #expect(NtfyMessage(event(.importFailed), priority: 3).priority == 4)
        #expect(NtfyMessage(event(.importFailed), priority: 5).priority == 5)
    }

    @Test("passes its test on a server that is up and lets it in")
    func passes() async throws {
        host.expect(.init("GET", "/v1/health", text: #"{"healthy":true}"#))
        host.expect(.init("GET", "/films/auth", text: #"{"success":true}"#))
        let report = try await notifier().test()
        #expect(report.checks.map(\.ok) == [true, true])
        #expect(host.requests.first?.header("Authorization") == nil)
    }

    @Test("fails the check of access, naming the token, when that is refused")
    func refused() async throws {
        host.expect(.init("GET", "/v1/health", text: #"{"healthy":true}"#))
        host.expect(.init("GET", "/films/auth", status: 401))
        let report = try await notifier().test()
        #expect(report.checks.last?.ok == false)
        #expect(report.checks.last?.field == "apiKey")
    }

    @Test(
        "says what an answer means",
        arguments: [(403, PluginError.Code.forbidden), (429, .rateLimited), (404, .badResponse), (503, .remoteFailure)]
    )
    func failures(status: Int, code: PluginError.Code) async throws {
        host.expect(.init("POST", "/", status: status))
        let error = await #expect(throws: PluginError.self) { try await notifier().notify(event(.grabbed)) }
        #expect(error?.code == .known(code))
    }

    @Test("names the setting at fault", arguments: [(#"{}"#, "topic"), (#"{"topic":"a/b"}"#, "topic")])
    func settings(json: String, field: String) {
        let error = #expect(throws: PluginError.self) { _ = try notifier(json) }
        #expect(error?.field == field)
    }

    @Test("has a form whose fields are the keys of its settings")
    func keys() {
        #expect(SettingsKeys.differences(in: NtfyPlugin.self) == [])
    }

    @Test("shows the token to nobody but the server")
    func secrets() async throws {
        host.always(.init("POST", "/", status: 500))
        let error = await #expect(throws: PluginError.self) { try await notifier().notify(event(.grabbed)) }
        #expect(host.leaks(of: ["hush"]).isEmpty)
        #expect(!RecordedHost.leaks(try #require(error), of: ["hush"]))
    }
}
