import FoundationEssentials
import PluginAPI

@testable import Aria2

/// A client on a recorded host that answers as aria2 1.36 did, with waits that take no time.
struct Rig: Sendable {
    static let secrets = ["rig-secret"]
    static let path = "/jsonrpc"
    static let filmName = "The.Paper.Lighthouse.1954.720p.WEB.H264-KDK"
    /// The film of the recording.
    static let film = "6080b4dc98b0ff5edb451edac37c5bfccece129e"
    static let magnet = "magnet:?xt=urn:btih:\(film)"

    let host = RecordedHost()
    let client: Aria2Client
    let recording: RecordedExchanges

    init(change: (inout Aria2Settings) -> Void = { _ in }) throws {
        var settings = Aria2Settings()
        settings.secret = "rig-secret"
        change(&settings)
        client = try Aria2Client(settings: settings, host: host, tools: .init(sleep: { _ in }, token: { "epoch" }))
        recording = try RecordedExchanges(sample: "aria2-1.36.0.json")
    }

    /// Answers every call of the recorded method with the recorded answer.
    func always(_ name: String) throws {
        let exchange = try recording.exchange(name)
        let method = exchange.request.body?["method"]
        let response = try exchange.response.serviceResponse()
        let accepts: @Sendable (ServiceRequest) -> Bool = { $0.json["method"] == method }
        host.always(.init("POST", Self.path, name: name, accepts: accepts, answer: { _ in response }))
    }

    /// Answers every call of a method with a result of one's own.
    func answer(_ method: String, _ result: String) {
        let body = Data(#"{"id":"kinodock","jsonrpc":"2.0","result":\#(result)}"#.utf8)
        let response = ServiceResponse(status: 200, body: body)
        let accepts: @Sendable (ServiceRequest) -> Bool = { $0.json["method"]?.string == method }
        host.always(.init("POST", Self.path, name: method, accepts: accepts, answer: { _ in response }))
    }

    /// Answers the lists of active, waiting and stopped downloads.
    func list(active: String = "", waiting: String = "", stopped: String = "") {
        answer("system.multicall", "[[[\(active)]],[[\(waiting)]],[[\(stopped)]]]")
    }

    /// The parameters of every call of a method, without the secret.
    func calls(_ method: String) -> [[JSONValue]] {
        host.requests.map(\.json).filter { $0["method"]?.string == method }.compactMap { $0["params"]?.array }
            .map { Array($0.dropFirst()) }
    }
}
