import FoundationEssentials
import PluginAPI

@testable import Transmission

/// A client on a recorded host that answers as Transmission 3.00 did, with a clock that stands.
struct Rig: Sendable {
    static let secrets = ["rig-password", Data("rig:rig-password".utf8).base64EncodedString()]
    static let path = "/transmission/rpc"
    /// The film of the recording.
    static let film = "6080b4dc98b0ff5edb451edac37c5bfccece129e"
    static let filmName = "The.Paper.Lighthouse.1954.720p.WEB.H264-KDK"
    static let magnet = "magnet:?xt=urn:btih:\(film)"

    let host = RecordedHost()
    let client: TransmissionClient
    let recording: RecordedExchanges

    init(change: (inout TransmissionSettings) -> Void = { _ in }) throws {
        var settings = TransmissionSettings()
        (settings.username, settings.password) = ("rig", "rig-password")
        change(&settings)
        let tools = PluginTools(sleep: { _ in }, token: { "epoch" })
        client = try TransmissionClient(settings: settings, host: host, tools: tools)
        recording = try RecordedExchanges(sample: "transmission-3.00.json")
    }

    /// Answers every call of the recorded method with the recorded answer; one recorded for certain torrents only for such.
    func always(_ name: String) throws {
        let exchange = try recording.exchange(name)
        let (method, ids) = (exchange.request.body?["method"], exchange.request.body?["arguments"]?["ids"])
        let response = try exchange.response.serviceResponse()
        let isOfAll = ids == nil || ids == "recently-active"
        let accepts: @Sendable (ServiceRequest) -> Bool = { request in
            guard request.json["method"] == method else { return false }
            let asked = request.json["arguments"]?["ids"]
            return isOfAll ? asked == ids : asked?.array != nil
        }
        host.always(.init("POST", Self.path, name: name, accepts: accepts, answer: { _ in response }))
    }

    /// Answers every call of a method with a result of one's own.
    func answer(_ method: String, _ arguments: String = "{}", result: String = "success") {
        let body = Data(#"{"arguments":\#(arguments),"result":"\#(result)"}"#.utf8)
        let accepts: @Sendable (ServiceRequest) -> Bool = { $0.json["method"]?.string == method }
        let response = ServiceResponse(status: 200, body: body)
        host.always(.init("POST", Self.path, name: method, accepts: accepts, answer: { _ in response }))
    }

    /// The arguments of every call of a method.
    func calls(_ method: String) -> [JSONValue] {
        host.requests.map(\.json).filter { $0["method"]?.string == method }.compactMap { $0["arguments"] }
    }
}
