import FoundationEssentials
import PluginAPI

@testable import NZBGet

/// A client on a recorded host, with waits that take no time.
///
/// Every call goes to one path, so answers are by method.
struct Rig: Sendable {
    static let password = "nzb-harbour-31"

    static let exchanges: RecordedExchanges = {
        do {
            return try RecordedExchanges(sample: "nzbget-21.0.json")
        } catch {
            fatalError("The recording cannot be read: \(error)")
        }
    }()

    let host = RecordedHost()
    let client: NZBGetClient

    init(change: (inout NZBGetSettings) -> Void = { _ in }) throws {
        var settings = NZBGetSettings()
        settings.password = Self.password
        settings.category = "movies"
        change(&settings)
        client = try NZBGetClient(settings: settings, host: host, tools: .init(sleep: { _ in }, token: { "0123" }))
    }

    /// Answers every call of a method with a recorded answer.
    func always(_ method: String, _ name: String) throws {
        let response = try Self.exchanges.exchange(name).response.serviceResponse()
        host.always(Self.step(method) { _ in response })
    }

    /// Answers every call of a method with that result, written as JSON.
    func answer(_ method: String, _ result: String) {
        let body = Data(#"{"version":"1.1","id":1,"result":\#(result)}"#.utf8)
        host.always(Self.step(method) { _ in ServiceResponse(status: 200, body: body) })
    }

    /// Answers an empty queue and history, a status in which nothing happens, and the version.
    func answerEmpty() throws {
        try always("listgroups", "empty queue")
        try always("history", "empty history")
        try always("status", "status idle")
        answer("version", #""21.0""#)
    }

    static func step(_ method: String, answer: @escaping RecordedHost.Step.Answer) -> RecordedHost.Step {
        .init("POST", "/jsonrpc", name: method, accepts: { parameters(of: $0, method) != nil }, answer: answer)
    }

    /// The parameters of each call of a method.
    func calls(_ method: String) -> [[JSONValue]] {
        host.requests.compactMap { Self.parameters(of: $0, method) }
    }

    private static func parameters(of request: ServiceRequest, _ method: String) -> [JSONValue]? {
        request.json["method"]?.string == method ? request.json["params"]?.array : nil
    }
}
