import FoundationEssentials
import PluginAPI
import Synchronization

@testable import Torznab

/// An indexer on a recorded host, with a clock that stands and waits that take no time.
struct Rig: Sendable {
    static let key = "rig-api-key-0123456789"

    let host = RecordedHost()
    let indexer: TorznabIndexer
    let waits = Waits()

    /// Counts the waits instead of waiting.
    final class Waits: Sendable {
        private let list = Mutex<[Duration]>([])

        var all: [Duration] { list.withLock(\.self) }
        func add(_ duration: Duration) { list.withLock { $0.append(duration) } }
    }

    init(caps: String? = "prowlarr-caps", change: (inout TorznabSettings) -> Void = { _ in }) throws {
        var settings = TorznabSettings()
        settings.url = "http://127.0.0.1:9696/1"
        settings.apiKey = Self.key
        settings.requestsPerMinute = 600
        change(&settings)
        let waits = waits
        indexer = try TorznabIndexer(settings: settings, host: host) { waits.add($0) }
        if let caps { answer("caps", try Self.sample(caps)) }
    }

    /// The text of a file of `Samples`.
    static func sample(_ name: String) throws -> String {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        let folder = parts.joined(separator: "/")
        let data = try Data(contentsOf: URL(filePath: "\(folder)/Samples/\(name).xml"))
        return String(decoding: data, as: UTF8.self)
    }

    /// Answers every request for that function of the API.
    func answer(_ function: String, _ body: String, status: Int = 200, headers: [HeaderField] = []) {
        answer(function) { _ in ServiceResponse(status: status, headers: headers, body: Data(body.utf8)) }
    }

    func answer(_ function: String, _ answer: @escaping RecordedHost.Step.Answer) {
        host.always(.init("GET", "/1/api", accepts: { $0.parameter("t") == function }, answer: answer))
    }

    /// Answers requests for a file.
    func serve(_ path: String, _ body: Data = Data(), status: Int = 200, location: String? = nil) {
        let headers = location.map { [HeaderField("Location", $0)] } ?? []
        host.always(.init("GET", path) { _ in ServiceResponse(status: status, headers: headers, body: body) })
    }

    /// The requests to the API but for those of its capabilities, as their parameters without the key.
    var searches: [[String: String]] {
        host.requests.map(\.parameters).filter { $0["t"] != nil && $0["t"] != "caps" }.map {
            $0.filter { $0.key != "apikey" }
        }
    }

    /// A feed with items of these numbers.
    static func feed(_ numbers: Range<Int>, total: Int? = nil, extra: String = "") -> String {
        let items = numbers.map { number in
            """
            <item><title>Film \(number)</title><guid>g\(number)</guid><link>http://127.0.0.1/dl/\(number)</link>\
            <torznab:attr name="seeders" value="\(number)"/>\(extra)</item>
            """
        }
        let response = total.map { "<newznab:response offset=\"\(numbers.lowerBound)\" total=\"\($0)\"/>" } ?? ""
        return "<rss><channel>\(response)\(items.joined())</channel></rss>"
    }
}

extension ServiceRequest {
    var parameters: [String: String] {
        let query = url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let pairs = query.split(separator: "&").map { pair -> (String, String) in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]).replacing("%20", with: " ") : "")
        }
        return Dictionary(pairs) { first, _ in first }
    }

    func parameter(_ name: String) -> String? { parameters[name] }
}
