import FoundationEssentials
import PluginAPI

/// The calls of NZBGet's JSON-RPC interface.
///
/// Source: "API reference" in NZBGet's manual, and recordings of 21.0.
struct API: Sendable {
    let endpoint: ServiceEndpoint
    private let login: String?

    /// Bytes for an answer with every job.
    private static let largestAnswer = 256 << 20

    init(_ settings: NZBGetSettings, host: any HostServices) throws {
        endpoint = try ServiceEndpoint(
            product: "NZBGet",
            interface: "its web interface",
            settings: settings,
            host: host
        )
        let hasLogin = !settings.username.isEmpty || !settings.password.isEmpty
        login = hasLogin ? Data("\(settings.username):\(settings.password)".utf8).base64EncodedString() : nil
    }

    /// Calls a method with parameters by position.
    ///
    /// - Throws: `PluginError` with what is wrong and what to do.
    func call<Result: Decodable>(
        _ type: Result.Type,
        _ method: String,
        _ parameters: [JSONValue] = []
    ) async throws -> Result {
        var request = endpoint.request("POST", "jsonrpc")
        request.maxBytes = Self.largestAnswer
        request.headers.append(HeaderField("Content-Type", "application/json"))
        if let login { request.headers.append(HeaderField("Authorization", "Basic \(login)")) }
        let call: JSONValue = ["method": .string(method), "params": .array(parameters), "id": 1]
        request.body = try JSONEncoder().encode(call)
        let response = try await endpoint.exchange(request)
        guard (200..<300).contains(response.status) else { throw failure(response) }
        // Absent members are no error, so a failure is looked for first.
        if let error = try? JSONDecoder().decode(Failure.self, from: response.body).error {
            throw failure(error.message ?? "no reason", method)
        }
        do {
            return try JSONDecoder().decode(Answer<Result>.self, from: response.body).result
        } catch {
            let what = "answer to “\(method)”"
            throw method == "append" ? endpoint.unconfirmed(what, by: response) : endpoint.nonsense(what)
        }
    }

    private struct Answer<Result: Decodable>: Decodable {
        var result: Result
    }

    private struct Failure: Decodable {
        struct Reason: Decodable { var message: String? }
        var error: Reason
    }

    private func failure(_ response: ServiceResponse) -> PluginError {
        switch response.status {
        case 401:
            PluginError(
                .unauthorized,
                """
                \(endpoint.name) refuses the user name or password. They are ControlUsername and ControlPassword in \
                NZBGet under Settings > Security.
                """,
                field: "password"
            )
        case 403:
            PluginError(
                .forbidden,
                "\(endpoint.name), or a proxy in front of it, takes no calls from this machine.",
                field: "host"
            )
        default: endpoint.failure(response, doing: "call its API", oldest: "NZBGet 16")
        }
    }

    private func failure(_ words: String, _ method: String) -> PluginError {
        let lowered = words.lowercased()
        if lowered.contains("access denied") {
            return PluginError(
                .forbidden,
                "This user may not do that in NZBGet. Use the ControlUsername: a user who may only add is not enough.",
                field: "username"
            )
        }
        guard !lowered.contains("invalid procedure") else {
            return PluginError(
                .unsupported,
                "\(endpoint.name) does not know the call “\(method)”: NZBGet 16 or newer is needed."
            )
        }
        return PluginError(.remoteFailure, "\(endpoint.name) says: \(words.prefix(300))")
    }
}

extension API {
    /// Does something to jobs, files or entries of the history.
    ///
    /// - Returns: whether NZBGet had the ids and could do it.
    func edit(_ command: String, _ text: String = "", _ ids: [Int]) async throws -> Bool {
        try await call(
            Bool.self,
            "editqueue",
            [.string(command), .string(text), .array(ids.map { .integer(Int64($0)) })]
        )
    }

    func status() async throws -> ServerStatus { try await call(ServerStatus.self, "status") }

    func groups() async throws -> [Group] { try await call([Group].self, "listgroups", [0]) }

    func history() async throws -> [HistoryEntry] { try await call([HistoryEntry].self, "history", [false]) }
}
