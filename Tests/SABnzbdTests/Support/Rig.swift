import FoundationEssentials
import PluginAPI
import Synchronization

@testable import SABnzbd

/// A client on a recorded host, with waits that take no time.
struct Rig: Sendable {
    static let key = "0123456789abcdef0123456789abcdef"

    let host = RecordedHost()
    let client: SABnzbdClient

    init(change: (inout SABnzbdSettings) -> Void = { _ in }) throws {
        var settings = SABnzbdSettings()
        settings.apiKey = Self.key
        settings.category = "movies"
        change(&settings)
        let tools = PluginTools(sleep: { _ in }, token: { "0123456789abcdef" })
        client = try SABnzbdClient(settings: settings, host: host, tools: tools)
    }

    /// Answers every call of that exchange's mode with it.
    func always(_ names: String...) throws {
        for name in names { try host.always(name, of: Recording.exchanges) }
    }

    /// Answers every call of a mode with that text.
    func answer(_ mode: String, status: Int = 200, _ text: String) {
        host.always(.init("POST", "/api?mode=\(mode)", status: status, text: text))
    }

    /// Answers every call of a mode that has these fields with that text.
    func answer(_ mode: String, _ fields: [String: String], _ text: String) {
        let body = Data(text.utf8)
        host.always(
            .init(
                "POST",
                "/api?mode=\(mode)",
                accepts: { request in fields.allSatisfy { request.formFields[$0.key] == $0.value } },
                answer: { _ in ServiceResponse(status: 200, body: body) }
            )
        )
    }

    /// Answers a queue and a history that are empty, and the version.
    func answerEmpty() throws {
        try always("empty queue", "empty history")
        answer("version", #"{"version":"3.7.1"}"#)
    }

    /// The calls of a mode.
    func calls(_ mode: String) -> [ServiceRequest] {
        host.requests.filter { $0.target == "/api?mode=\(mode)" }
    }
}
