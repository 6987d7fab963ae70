import FoundationEssentials
import PluginAPI
import Synchronization

/// A host for one instance that keeps what the plugin did, and answers requests with the address that was asked for; at
/// `http://wait/` nobody ever answers.
final class RecordingServices: HostServices {
    struct Record {
        var values: [String: Data] = [:]
        var events: [String] = []
        var log: [String] = []
    }

    let record: Mutex<Record>
    private let lines = AsyncStream.makeStream(of: String.self)
    let now = Date(timeIntervalSince1970: 1_700_000_000)

    init(values: [String: Data] = [:]) {
        record = Mutex(Record(values: values))
    }

    func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        if request.url == "http://wait/" { try await Task.sleep(for: .seconds(3600)) }
        return ServiceResponse(status: 200, url: request.url, body: Data(request.url.utf8))
    }

    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {
        record.withLock { $0.log.append(message) }
        lines.continuation.yield(message)
    }

    /// Waits until the plugin or the host has written that line.
    func logged(_ line: String) async {
        for await text in lines.stream where text == line { return }
    }

    func value(for key: String) async throws -> Data? {
        record.withLock { $0.values[key] }
    }

    func setValue(_ value: Data?, for key: String) async throws {
        record.withLock { $0.values[key] = value }
    }

    func emit(_ event: String, details: [String: JSONValue]) {
        record.withLock { $0.events.append(event) }
    }
}
