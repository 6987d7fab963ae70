import FoundationEssentials
import PluginAPI
import Synchronization

/// Transmission's RPC (rpc-spec, versions 14 to 18), with its session id and its login.
///
/// Source: "Transmission's RPC specification" in its sources, and recordings of 3.00.
final class RPC: Sendable {
    private struct Answer<Arguments: Decodable>: Decodable {
        var result: String
        var arguments: Arguments?

        private enum CodingKeys: String, CodingKey { case result, arguments }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            result = try values.decode(String.self, forKey: .result)
            // A failure may have arguments too, of another shape.
            arguments = result == "success" ? try values.decode(Arguments.self, forKey: .arguments) : nil
        }
    }

    /// An answer whose arguments do not matter.
    struct Nothing: Decodable {}

    private struct State {
        /// Changes about once an hour and when Transmission is started.
        var sessionID: String?
        /// How often it has changed.
        var generation = 0
        /// A login that was refused, which is not tried again before `restsUntil`.
        var refusal: PluginError?
        var restsUntil = Date.distantPast
    }

    /// Seconds in which a refused login is not tried again: 3.00 shuts out an address after 100 of them.
    private static let rest = 3600.0
    private static let header = "X-Transmission-Session-Id"

    let endpoint: ServiceEndpoint
    private let authorization: String?
    private let host: any HostServices
    private let state = Mutex(State())

    init(settings: TransmissionSettings, host: any HostServices) throws {
        self.host = host
        endpoint = try ServiceEndpoint(
            product: "Transmission",
            interface: "its remote access",
            settings: settings,
            host: host
        )
        let login = "\(settings.username):\(settings.password)"
        authorization = login == ":" ? nil : "Basic " + Data(login.utf8).base64EncodedString()
    }

    /// Counts the session ids: a new one may mean that Transmission was started anew.
    var generation: Int { state.withLock(\.generation) }

    /// Allows a login again, after a test has shown that it is right.
    func forgive() {
        state.withLock { $0.refusal = nil }
    }

    /// Calls a method.
    ///
    /// - Parameter action: what is tried, as it stands after "could not".
    /// - Throws: `PluginError`; Transmission's own words have the code `.remoteFailure`.
    func call<Arguments: Decodable>(
        _ method: String,
        _ arguments: [String: JSONValue] = [:],
        as type: Arguments.Type,
        doing action: String,
        maxBytes: Int = 64 << 20
    ) async throws -> Arguments {
        var request = endpoint.request("POST", "rpc")
        request.headers.append(HeaderField("Content-Type", "application/json"))
        request.maxBytes = maxBytes
        let body: JSONValue = ["method": .string(method), "arguments": .object(arguments)]
        request.body = try JSONEncoder().encode(body)
        let response = try await exchange(request)
        guard response.status == 200 else { throw failure(response, doing: action) }
        guard let answer = try? JSONDecoder().decode(Answer<Arguments>.self, from: response.body) else {
            let what = "answer to \(method)"
            throw method == "torrent-add" ? endpoint.unconfirmed(what, by: response) : endpoint.nonsense(what)
        }
        guard answer.result == "success", let arguments = answer.arguments else {
            throw PluginError(.remoteFailure, "Could not \(action): \(endpoint.product) says “\(answer.result)”.")
        }
        return arguments
    }

    /// Calls a method whose answer is only success or not.
    func call(_ method: String, _ arguments: [String: JSONValue], doing action: String) async throws {
        _ = try await call(method, arguments, as: Nothing.self, doing: action)
    }

    /// Sends a request with the session id; a 409 names the one to use from now on.
    private func exchange(_ request: ServiceRequest) async throws -> ServiceResponse {
        if let refusal = state.withLock({ $0.restsUntil > host.now ? $0.refusal : nil }) { throw refusal }
        for _ in 1...3 {
            var request = request
            if let authorization { request.headers.append(HeaderField("Authorization", authorization)) }
            if let id = state.withLock(\.sessionID) { request.headers.append(HeaderField(Self.header, id)) }
            let response = try await endpoint.exchange(request)
            guard response.status == 409 else { return response }
            guard let id = response.header(Self.header) else { throw endpoint.nonsense("session id") }
            state.withLock { state in
                guard state.sessionID != id else { return }
                state.sessionID = id
                state.generation += 1
            }
        }
        throw PluginError(
            .badResponse,
            "\(endpoint.name) asks for a new session id again and again. A proxy may be removing the header \(Self.header)."
        )
    }

    private func failure(_ response: ServiceResponse, doing action: String) -> PluginError {
        switch response.status {
        case 401: refused()
        case 403: forbidden(response)
        case 421:
            PluginError(
                .forbidden,
                """
                \(endpoint.name) refuses the host name by which it is called. Add it to rpc-host-whitelist in \
                Transmission's settings, use the IP address, or set a password.
                """,
                field: "host"
            )
        case 405: endpoint.nonsense("answer to a call")
        default: endpoint.failure(response, doing: action, oldest: "Transmission 2.80")
        }
    }

    private func refused() -> PluginError {
        let error =
            authorization == nil
            ? PluginError(
                .unauthorized,
                "\(endpoint.name) asks for a login. Enter its user name and password.",
                field: "username"
            )
            : PluginError(
                .unauthorized,
                """
                \(endpoint.name) refuses the user name or password. They are not tried again for an hour, until the \
                settings are saved with other ones, or until the connection is tested.
                """,
                field: "password"
            )
        let end = host.now + Self.rest
        let isNew = state.withLock { state in
            defer { (state.refusal, state.restsUntil) = (error, end) }
            return state.refusal == nil
        }
        if isNew { host.log(.warning, error.message, fields: [:]) }
        return error
    }

    private func forbidden(_ response: ServiceResponse) -> PluginError {
        if String(decoding: response.body.prefix(2000), as: UTF8.self).contains("Too many") {
            return PluginError(
                .forbidden,
                """
                \(endpoint.name) lets nobody in any more after too many wrong passwords. Correct the password, then \
                restart Transmission.
                """,
                field: "password"
            )
        }
        return PluginError(
            .forbidden,
            """
            \(endpoint.name) does not let this machine in. Add its IP address to rpc-whitelist in Transmission's \
            settings.
            """,
            field: "host"
        )
    }
}
