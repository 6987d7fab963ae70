import FoundationEssentials
import PluginAPI

/// aria2's JSON-RPC over HTTP.
///
/// Source: "RPC INTERFACE" in aria2's manual, and recordings of 1.36.
struct RPC: Sendable {
    /// A call among several that are sent together.
    struct Call: Sendable {
        var method: String
        var parameters: [JSONValue]

        /// - Parameter method: without `aria2.` in front.
        init(_ method: String, _ parameters: JSONValue...) {
            self.method = method
            self.parameters = parameters
        }
    }

    private struct Fault: Decodable, Error {
        var message: String?
    }

    private struct Answer<Result: Decodable>: Decodable {
        var result: Result?
        var error: Fault?
    }

    /// An answer of `system.multicall`: a list of one result, or an error.
    private struct Part<Result: Decodable>: Decodable {
        var result: Result?
        var fault: Fault?

        init(from decoder: any Decoder) throws {
            if var list = try? decoder.unkeyedContainer() {
                result = try list.decode(Result.self)
            } else {
                fault = try Fault(from: decoder)
            }
        }
    }

    let endpoint: ServiceEndpoint
    private let secret: String

    init(settings: Aria2Settings, host: any HostServices) throws {
        secret = settings.secret
        endpoint = try ServiceEndpoint(
            product: "aria2",
            interface: "its RPC interface (--enable-rpc)",
            settings: settings,
            host: host
        )
    }

    /// Calls a method.
    ///
    /// - Throws: `PluginError`; aria2's own words have the code `.remoteFailure`, of an unknown download `.notFound`.
    func call<Result: Decodable>(_ call: Call, as type: Result.Type) async throws -> Result {
        let answer = try await send("aria2." + call.method, guarded(call.parameters), as: type)
        if let fault = answer.error { throw error(fault) }
        guard let result = answer.result else {
            guard Self.additions.contains("aria2." + call.method) else {
                throw endpoint.nonsense("answer to \(call.method)")
            }
            throw PluginError(.interrupted, "\(endpoint.name) has taken the download without saying as which.")
        }
        return result
    }

    /// Calls a method whose answer does not matter.
    func call(_ call: Call) async throws {
        _ = try await self.call(call, as: JSONValue.self)
    }

    /// Sends several calls in one request, whose answers have one type.
    ///
    /// - Returns: the answers in the order of the calls.
    /// - Throws: `PluginError` when one of them failed.
    func callAll<Result: Decodable>(_ calls: [Call], as type: Result.Type) async throws -> [Result] {
        let parts: [JSONValue] = calls.map { call in
            ["methodName": .string("aria2." + call.method), "params": .array(guarded(call.parameters))]
        }
        let answer = try await send("system.multicall", [.array(parts)], as: [Part<Result>].self)
        if let fault = answer.error { throw error(fault) }
        guard let results = answer.result, results.count == calls.count else {
            throw endpoint.nonsense("answer to several calls")
        }
        return try results.map { part in
            if let fault = part.fault { throw error(fault) }
            guard let result = part.result else { throw endpoint.nonsense("answer to several calls") }
            return result
        }
    }

    private func guarded(_ parameters: [JSONValue]) -> [JSONValue] {
        secret.isEmpty ? parameters : [.string("token:" + secret)] + parameters
    }

    private func send<Result: Decodable>(
        _ method: String,
        _ parameters: [JSONValue],
        as type: Result.Type
    ) async throws -> Answer<Result> {
        var request = endpoint.request("POST", "jsonrpc")
        request.headers.append(HeaderField("Content-Type", "application/json"))
        request.maxBytes = 256 << 20
        let body: JSONValue = [
            "jsonrpc": "2.0", "id": "kinodock", "method": .string(method), "params": .array(parameters),
        ]
        request.body = try JSONEncoder().encode(body)
        let response = try await endpoint.exchange(request)
        // Errors are a 400, and an unknown method may be a 404, with the reason as JSON.
        if let answer = try? JSONDecoder().decode(Answer<Result>.self, from: response.body),
            answer.error != nil || response.status == 200
        {
            return answer
        }
        guard response.status == 200 else {
            throw endpoint.failure(response, doing: "call \(method)", oldest: "aria2 1.19")
        }
        let what = "answer to \(method)"
        throw Self.additions.contains(method) ? endpoint.unconfirmed(what, by: response) : endpoint.nonsense(what)
    }

    private static let additions = ["aria2.addUri", "aria2.addTorrent"]

    /// aria2 gives every error the same number; its words tell what it is.
    private func error(_ fault: Fault) -> PluginError {
        let words = fault.message ?? ""
        if words.contains("Unauthorized") {
            return PluginError(
                .unauthorized,
                secret.isEmpty
                    ? "\(endpoint.name) asks for its secret. Enter what it was started with as --rpc-secret."
                    : "\(endpoint.name) refuses the secret. Enter what it was started with as --rpc-secret.",
                field: "secret"
            )
        }
        if words.contains("is not found") || words.contains("not found for GID") {
            return PluginError(.notFound, "aria2 does not have this download any more.", field: "id")
        }
        return PluginError(.remoteFailure, "aria2 says: \(words)")
    }
}
