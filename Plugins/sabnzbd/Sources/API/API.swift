import FoundationEssentials
import PluginAPI

/// The calls of SABnzbd's API.
///
/// Source: "API" in SABnzbd's manual, and recordings of 3.7.1 and 5.0. The mode is in the address; all else, and the key
/// first of all, is in the body, where no log of a proxy shows it.
struct API: Sendable {
    let endpoint: ServiceEndpoint
    let key: String

    /// Bytes for an answer with every job.
    static let largestAnswer = 256 << 20

    init(_ settings: SABnzbdSettings, host: any HostServices) throws {
        endpoint = try ServiceEndpoint(
            product: "SABnzbd",
            interface: "its web interface",
            settings: settings,
            host: host
        )
        key = settings.apiKey
    }

    /// Calls a mode and reads its answer.
    ///
    /// - Throws: `PluginError` with what is wrong and what to do.
    func call<Answer: Decodable>(
        _ type: Answer.Type,
        _ mode: String,
        _ fields: KeyValuePairs<String, String> = [:]
    ) async throws -> Answer {
        try await call(type, form(mode, fields), of: mode)
    }

    /// Sends a request that was made for `mode` and reads its answer.
    func call<Answer: Decodable>(_ type: Answer.Type, _ request: ServiceRequest, of mode: String) async throws -> Answer
    {
        try read(type, try await send(request), of: mode)
    }

    /// Calls a mode that takes a file, which is sent as `name`.
    func upload<Answer: Decodable>(
        _ type: Answer.Type,
        _ mode: String,
        _ fields: [(key: String, value: String)],
        file: Data,
        token: String
    ) async throws -> Answer {
        var body = MultipartBody(token: token)
        for (key, value) in [("output", "json"), ("apikey", key)] + fields { body.add(key, value) }
        body.add("name", file: file, fileName: "kinodock.nzb", type: "application/x-nzb")
        var request = endpoint.request("POST", "api?mode=\(mode)")
        request.headers.append(HeaderField("Content-Type", body.contentType))
        request.body = body.data
        return try read(type, try await send(request), of: mode)
    }

    /// The request of a mode with the fields of a form.
    func form(_ mode: String, _ fields: KeyValuePairs<String, String>) -> ServiceRequest {
        var request = endpoint.request("POST", "api?mode=\(mode)")
        request.maxBytes = Self.largestAnswer
        request.headers.append(HeaderField("Content-Type", "application/x-www-form-urlencoded"))
        let all = [("output", "json"), ("apikey", key)] + Array(fields).map { ($0.key, $0.value) }
        request.body = Data(all.map { "\($0.0)=\($0.1.percentEncoded)" }.joined(separator: "&").utf8)
        return request
    }

    private func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        let response = try await endpoint.exchange(request)
        guard (200..<300).contains(response.status) else { throw failure(response) }
        return response
    }

    private func read<Answer: Decodable>(_ type: Answer.Type, _ response: ServiceResponse, of mode: String) throws
        -> Answer
    {
        if let error = try? JSONDecoder().decode(ErrorAnswer.self, from: response.body).error {
            throw failure(words: error, mode: mode)
        }
        do {
            return try JSONDecoder().decode(type, from: response.body)
        } catch {
            let what = "answer to “\(mode)”"
            throw ["addfile", "addurl"].contains(mode)
                ? endpoint.unconfirmed(what, by: response) : endpoint.nonsense(what)
        }
    }

    private struct ErrorAnswer: Decodable {
        var error: String
    }
}

/// The answer of calls that only say whether they did something.
struct Acknowledgement: Decodable {
    var isDone: Bool
    /// The ids of the jobs that were added or changed.
    var jobs: [String]
    /// The id of the job that a retry has made.
    var job: String?

    private enum CodingKeys: String, CodingKey {
        case isDone = "status"
        case jobs = "nzo_ids"
        case job = "nzo_id"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        isDone = try fields.decode(Bool.self, forKey: .isDone)
        jobs = fields.value(.jobs) ?? []
        job = fields.text(.job)
    }
}
