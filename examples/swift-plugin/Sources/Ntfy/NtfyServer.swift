import FoundationEssentials
import PluginAPI

/// One topic on an ntfy server.
struct NtfyServer: Sendable {
    private let base: String
    private let topic: String
    private let token: String?
    private let host: any HostServices

    init(url: String, topic: String, token: String?, host: any HostServices) {
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.topic = topic
        self.token = token.flatMap { $0.isEmpty ? nil : $0 }
        self.host = host
    }

    /// Asks whether the server is up, without a token: a wrong one must not look like a server that is down.
    func checkHealth() async throws {
        let answer = try await send(ServiceRequest("GET", base + "/v1/health"), withToken: false)
        let health = try? JSONDecoder().decode(Health.self, from: answer.body)
        guard health?.healthy == true else {
            let words = "\(base) does not answer as an ntfy server; check the address."
            throw PluginError(.badResponse, words, field: "url")
        }
    }

    /// Asks whether the topic may be read with the token; nothing is sent to it.
    func checkAccess() async throws {
        _ = try await send(ServiceRequest("GET", "\(base)/\(topic)/auth"))
    }

    func publish(_ message: NtfyMessage) async throws {
        var message = message
        message.topic = topic
        var request = ServiceRequest("POST", base)
        request.headers = [HeaderField("Content-Type", "application/json")]
        request.body = try JSONEncoder().encode(message)
        _ = try await send(request)
    }

    private func send(_ request: ServiceRequest, withToken: Bool = true) async throws -> ServiceResponse {
        var request = request
        request.timeout = 15_000
        request.maxBytes = 1 << 20
        if withToken, let token { request.headers.append(HeaderField("Authorization", "Bearer \(token)")) }
        let answer = try await host.send(request)
        guard answer.status >= 400 else { return answer }
        throw failure(answer)
    }

    private func failure(_ answer: ServiceResponse) -> PluginError {
        switch answer.status {
        case 401: PluginError(.unauthorized, "The server does not take the token; make a new one.", field: "apiKey")
        case 403: PluginError(.forbidden, "The topic needs a token that may write to it.", field: "apiKey")
        case 429:
            PluginError(
                .rateLimited,
                "The server takes no more messages for now.",
                retryAfter: answer.header("Retry-After").flatMap { Int($0) }
            )
        case 500...: PluginError(.remoteFailure, "The server answered \(answer.status); look at its own log.")
        default: PluginError(.badResponse, "The server answered \(answer.status); check its address.", field: "url")
        }
    }

    private struct Health: Decodable {
        let healthy: Bool
    }
}
