import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

/// What plugins of released versions ask of the host: see Tests/Fixtures/Messages.
@Suite("Recorded calls of the host", .timeLimit(.minutes(1)))
struct RecordedServicesTests {
    struct Recording: Decodable, Sendable {
        let name: String
        let parameters: JSONValue
        let attachment: String?
        let result: JSONValue
        let resultAttachment: String?

        private enum CodingKeys: String, CodingKey {
            case name, parameters, attachment, result
            case resultAttachment = "result_attachment"
        }
    }

    /// A host that answers as the recording does.
    private final class Answers: HostServices {
        let result: Recording
        let requests = Mutex<[ServiceRequest]>([])
        let changes = Mutex<[String]>([])
        let now = Date(timeIntervalSince1970: 1.5)

        init(_ result: Recording) {
            self.result = result
        }

        private var body: Data { Data((result.resultAttachment ?? "").utf8) }

        func send(_ request: ServiceRequest) async throws -> ServiceResponse {
            requests.withLock { $0.append(request) }
            var response = try JSONDecoder().decode(ServiceResponse.self, from: JSONEncoder().encode(result.result))
            response.body = body
            return response
        }

        func value(for key: String) async throws -> Data? {
            result.result["found"] == true ? body : nil
        }

        func setValue(_ value: Data?, for key: String) async throws {
            changes.withLock { $0.append("\(key) = \(value.map { String(decoding: $0, as: UTF8.self) } ?? "nothing")") }
        }

        func folders() async throws -> HostFolders {
            try JSONDecoder().decode(HostFolders.self, from: JSONEncoder().encode(result.result))
        }

        func emit(_ event: String, details: [String: JSONValue]) {
            changes.withLock { $0.append("\(event) \(details.keys.sorted())") }
        }

        func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue]) {}
    }

    private static func all() throws -> [(method: String, recording: Recording)] {
        let messages = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/Messages")
        let versions = try FileManager.default.contentsOfDirectory(atPath: messages.path()).sorted()
        return try versions.map { messages.appending(path: "\($0)/services.json") }
            .filter { FileManager.default.fileExists(atPath: $0.path()) }
            .flatMap { try JSONDecoder().decode([String: [Recording]].self, from: Data(contentsOf: $0)) }
            .flatMap { method, recordings in recordings.map { (method, $0) } }
    }

    private func answer(
        _ method: String,
        _ parameters: JSONValue,
        attachment: String?,
        from services: Answers
    ) async throws -> (json: JSONValue, attachment: Data?) {
        let answer = try await HostService(services: services).answer(
            method: method,
            json: JSONEncoder().encode(parameters),
            attachment: attachment.map { Data($0.utf8) }
        )
        return (try JSONDecoder().decode(JSONValue.self, from: answer.json), answer.attachment)
    }

    @Test("are answered as then, also with parameters that nobody knows yet", arguments: [false, true])
    func answers(isNewer: Bool) async throws {
        for (method, recording) in try Self.all() {
            let services = Answers(recording)
            var parameters = recording.parameters.object ?? [:]
            if isNewer { parameters["added_later"] = ["text": [1, "?"]] }
            let answer = try await answer(
                method,
                .object(parameters),
                attachment: recording.attachment,
                from: services
            )
            for (name, value) in recording.result.object ?? [:] {
                #expect(answer.json[name] == value, "\(name) of \(method), \(recording.name)")
            }
            let attachment = recording.resultAttachment.map { Data($0.utf8) }
            #expect((answer.attachment ?? Data()) == (attachment ?? Data()), "\(method), \(recording.name)")
        }
    }

    @Test("mean what they meant")
    func meanings() async throws {
        var changes: [String] = []
        for (method, recording) in try Self.all().sorted(by: {
            ($0.method, $0.recording.name) < ($1.method, $1.recording.name)
        }) {
            let services = Answers(recording)
            _ = try await answer(method, recording.parameters, attachment: recording.attachment, from: services)
            changes += services.changes.withLock { $0 }
            guard let request = services.requests.withLock({ $0.first }) else { continue }
            #expect(request == (recording.name == "the least" ? Self.leastRequest : Self.request))
        }
        #expect(changes == [#"changed ["count", "id"]"#, "changed []", "cursor = nothing", "cursor = 18"])
    }

    /// What absent members of a request stand for.
    private static var leastRequest: ServiceRequest { ServiceRequest("GET", "http://nas/") }

    private static var request: ServiceRequest {
        var request = ServiceRequest("POST", "http://nas:8080/api?a=b")
        request.headers = [HeaderField("Accept", "application/json"), HeaderField("Accept", "*/*")]
        request.body = Data("a=b".utf8)
        request.timeout = 5000
        request.maxBytes = 1 << 20
        (request.followsRedirects, request.usesCookies, request.verifiesCertificate) = (false, false, false)
        return request
    }
}
