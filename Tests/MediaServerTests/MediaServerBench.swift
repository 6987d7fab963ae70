import FoundationEssentials
import PluginAPI

@testable import MediaServer

/// An instance over a recorded host that answers as the media servers do.
struct MediaServerBench {
    let host = RecordedHost()

    static let jellyfinInfo =
        #"{"LocalAddress":"http://x:8096","ServerName":"home","Version":"10.9.11","ProductName":"Jellyfin Server","Id":"1"}"#
    static let embyInfo = #"{"LocalAddress":"http://x:8096","ServerName":"home","Version":"4.8.8.0","Id":"1"}"#
    static let folders =
        #"[{"Name":"Films","Locations":["/media/films"],"CollectionType":"movies","ItemId":"f1"},{"Name":"Series","Locations":["/media/tv"],"ItemId":"s1"}]"#
    static let sections =
        #"{"MediaContainer":{"size":2,"Directory":[{"key":"1","type":"movie","title":"Films","Location":[{"id":1,"path":"/media/films"}]},{"key":"2","type":"show","title":"Series","Location":[{"id":2,"path":"/media/tv"}]}]}}"#

    func notifier(_ service: String, _ settings: [String: JSONValue] = [:], sleeper: any Clock<Duration> = .continuous)
        throws -> RemoteNotifier
    {
        var all: [String: JSONValue] = [
            "service": .string(service), "apiKey": "key-12345", "pathMappings": ["/srv/library/": "/media"],
        ]
        all.merge(settings) { _, new in new }
        return RemoteNotifier(
            try LoopbackTransport(
                MediaServerNotifier.self,
                settings: try JSONEncoder().encode(JSONValue.object(all)),
                host: host
            )
        )
    }

    func answerJellyfin() {
        host.always(.init("GET", "/System/Info/Public", text: Self.jellyfinInfo))
        host.always(.init("GET", "/Library/VirtualFolders", text: Self.folders))
        host.always(.init("POST", "/Library/Media/Updated", status: 204))
    }

    func answerPlex() {
        host.always(
            .init(
                "GET",
                "/identity",
                text: #"{"MediaContainer":{"size":0,"machineIdentifier":"a","version":"1.40.2.8395-c67dce28e"}}"#
            )
        )
        host.always(.init("GET", "/library/sections", text: Self.sections))
        for id in 1...2 { host.always(.init("GET", "/library/sections/\(id)/refresh")) }
    }

    /// The updates of each request to Jellyfin, as "Created /path".
    var updates: [[String]] {
        host.requests(to: "/Library/Media/Updated").map { request in
            let body = request.body.flatMap { try? JSONDecoder().decode(JSONValue.self, from: $0) }
            return (body?["Updates"]?.array ?? []).map {
                "\($0["UpdateType"]?.string ?? "") \($0["Path"]?.string ?? "")"
            }
        }
    }

    static func event(_ kind: NotificationEvent.Kind = .imported, _ paths: String..., replaced: [String] = [])
        -> NotificationEvent
    {
        var event = NotificationEvent(id: "e", kind: kind, time: "2026-01-02T03:04:05Z", title: "", message: "")
        event.details["paths"] = .array(paths.map(JSONValue.string))
        if !replaced.isEmpty { event.details["replaced"] = .array(replaced.map(JSONValue.string)) }
        return event
    }
}
