import HTTPClient
import PluginAPI

/// The HTTP requests of one instance, over the server's one pool of connections, with cookies of its own.
struct InstanceHTTP: ServiceHTTP {
    let client: HTTPClient
    let cookies = CookieJar()

    func send(_ request: ServiceRequest) async throws -> ServiceResponse {
        var outgoing = HTTPClientRequest(method: request.method, url: request.url)
        outgoing.headers = request.headers.map { ($0.name, $0.value) }
        outgoing.body = request.body
        outgoing.timeout = .milliseconds(request.timeout)
        outgoing.followsRedirects = request.followsRedirects
        outgoing.maxBodyBytes = request.maxBytes
        outgoing.cookies = request.usesCookies ? cookies : nil
        outgoing.verifiesCertificate = request.verifiesCertificate
        do {
            let response = try await client.send(outgoing)
            return ServiceResponse(
                status: response.status,
                headers: response.headers.map { HeaderField($0.name, $0.value) },
                url: response.url,
                body: response.body
            )
        } catch {
            throw PluginError(Self.code(for: error.code), error.message)
        }
    }

    private static func code(for code: HTTPClientError.Code) -> PluginError.Code {
        switch code {
        case .invalidURL, .invalidRequest: .invalid
        case .unreachable, .proxy: .unreachable
        case .interrupted: .interrupted
        case .timeout: .timeout
        case .tls: .untrusted
        case .tooLarge, .tooManyRedirects, .protocol: .badResponse
        case .cancelled: .cancelled
        }
    }
}
