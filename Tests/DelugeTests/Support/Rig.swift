import FoundationEssentials
import PluginAPI

@testable import Deluge

/// A client on a recorded host that answers as Deluge 2.0.3 did, with a clock that stands and waits that take no time.
struct Rig: Sendable {
    static let secrets = ["rig-password", "wr0ng-pass"]
    static let path = "/json"
    static let filmName = "The.Paper.Lighthouse.1954.720p.WEB.H264-KDK"
    /// The film of the recording.
    static let film = "6080b4dc98b0ff5edb451edac37c5bfccece129e"
    static let magnet = "magnet:?xt=urn:btih:\(film)"

    let host = RecordedHost()
    let client: DelugeClient
    let recording: RecordedExchanges

    /// - Parameter isOpen: whether the login works.
    init(isOpen: Bool = true, change: (inout DelugeSettings) -> Void = { _ in }) throws {
        var settings = DelugeSettings()
        settings.password = "rig-password"
        change(&settings)
        client = try DelugeClient(settings: settings, host: host, tools: .init(sleep: { _ in }, token: { "epoch" }))
        recording = try RecordedExchanges(sample: "deluge-2.0.3.json")
        if isOpen { try always("login") }
    }

    /// Answers every call of the recorded method with the recorded answer.
    func always(_ name: String) throws {
        host.always(try step(name))
    }

    /// Answers one call of the recorded method with the recorded answer.
    func once(_ name: String) throws {
        host.expect(try step(name))
    }

    private func step(_ name: String) throws -> RecordedHost.Step {
        let exchange = try recording.exchange(name)
        let method = exchange.request.body?["method"]
        let response = try exchange.response.serviceResponse()
        let accepts: @Sendable (ServiceRequest) -> Bool = { $0.json["method"] == method }
        return .init("POST", Self.path, name: name, accepts: accepts, answer: { _ in response })
    }

    /// Answers every call of a method with a result of one's own.
    func answer(_ method: String, _ result: String = "null", error: String = "null") {
        let response = ServiceResponse(status: 200, body: Data(#"{"id":1,"result":\#(result),"error":\#(error)}"#.utf8))
        let accepts: @Sendable (ServiceRequest) -> Bool = { $0.json["method"]?.string == method }
        host.always(.init("POST", Self.path, name: method, accepts: accepts, answer: { _ in response }))
    }

    /// The parameters of every call of a method.
    func calls(_ method: String) -> [JSONValue] {
        host.requests.map(\.json).filter { $0["method"]?.string == method }.compactMap { $0["params"] }
    }
}
