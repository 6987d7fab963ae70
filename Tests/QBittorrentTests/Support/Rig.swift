import FoundationEssentials
import PluginAPI
import Synchronization

@testable import QBittorrent

/// A client on a recorded host, with the recorded login, a clock that stands and waits that take no time.
struct Rig: Sendable {
    static let password = "rig-password"
    static let secrets = [password, "wr0ng-pass", "5epGIYHR0Hu", "FgLEWK8yeC8I5O0xO4v", "r/jqijC7974qAo8blkQfj2rQFLD"]

    let host = RecordedHost()
    let client: QBittorrentClient
    let waits = Waits()

    /// Counts the waits instead of waiting.
    final class Waits: Sendable {
        private let list = Mutex<[Duration]>([])

        var all: [Duration] { list.withLock(\.self) }
        func add(_ duration: Duration) { list.withLock { $0.append(duration) } }
    }

    init(_ recording: Recording? = nil, change: (inout QBittorrentSettings) -> Void = { _ in }) throws {
        var settings = QBittorrentSettings()
        settings.username = "rig"
        settings.password = Self.password
        settings.category = "movies"
        change(&settings)
        let waits = waits
        let tools = PluginTools(sleep: { waits.add($0) }, token: { "0123456789abcdef" })
        client = try QBittorrentClient(settings: settings, host: host, tools: tools)
        if let recording { try host.always("login: the cookie is the session", of: recording.exchanges) }
    }

    /// Answers every request of that method and path.
    func answer(_ method: String, _ path: String, status: Int = 200, _ text: String = "") {
        host.always(.init(method, "/api/v2/" + path, status: status, text: text))
    }

    /// Answers every request of that method and path with JSON.
    func answer(_ method: String, _ path: String, _ json: JSONValue) throws {
        let text = String(decoding: try JSONEncoder().encode(json), as: UTF8.self)
        answer(method, path, text)
    }

    /// How many requests to log in were sent.
    var logins: Int { host.requests(to: "/api/v2/auth/login").count }
}
