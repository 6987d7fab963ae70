import FoundationEssentials
import PluginAPI

@testable import Webhook

/// An instance that is called as the server calls it, with JSON, and that talks to a recorded host.
struct WebhookBench {
    let host = RecordedHost()

    static let address = "https://hooks.example.com/films"

    func notifier(_ settings: [String: JSONValue] = [:]) throws -> RemoteNotifier {
        var all = settings
        all["url"] = settings["url"] ?? .string(Self.address)
        return RemoteNotifier(
            try LoopbackTransport(
                WebhookNotifier.self,
                settings: try JSONEncoder().encode(JSONValue.object(all)),
                host: host
            )
        )
    }

    /// Sends an event and gives the body of the request.
    func body(_ event: NotificationEvent, _ settings: [String: JSONValue]) async throws -> JSONValue {
        for path in ["/films", "/", "/message"] { host.always(.init("POST", path)) }
        try await notifier(settings).notify(event)
        return try JSONDecoder().decode(JSONValue.self, from: host.requests.last?.body ?? Data())
    }

    static func event(_ kind: NotificationEvent.Kind = .imported, title: String = "Imported: Nosferatu (1922)")
        -> NotificationEvent
    {
        var event = NotificationEvent(
            id: "ev_1",
            kind: kind,
            time: "2026-01-02T03:04:05Z",
            title: title,
            message: "It is in the library."
        )
        event.details = [
            "title": "Nosferatu", "year": 1922, "type": "movie", "quality": "Bluray-1080p", "size": 1_503_238_553,
            "path": "/films/Nosferatu \"1922\".mkv", "paths": ["/films/a.mkv", "/films/b.mkv"],
            "files": [["path": "/films/a.mkv"], ["path": "/films/b.mkv"]],
        ]
        return event
    }
}
