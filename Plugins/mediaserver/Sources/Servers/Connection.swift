import FoundationEssentials
import PluginAPI

/// Requests to one media server with its key, and what its answers mean.
struct Connection: Sendable {
    let service: Service
    private let key: HeaderField
    private let endpoint: ServiceEndpoint
    private let host: any HostServices

    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    init(_ service: Service, _ settings: MediaServerSettings, _ host: any HostServices) throws {
        self.service = service
        self.host = host
        key = service.header(for: settings.apiKey)
        let address = try ServiceAddress(
            host: settings.host,
            port: settings.port.map { Int($0) } ?? service.port,
            tls: settings.tls,
            urlBase: settings.urlBase ?? ""
        )
        var endpoint = ServiceEndpoint(
            product: service.label,
            interface: "its web interface",
            address: address,
            host: host
        )
        endpoint.timeoutSeconds = Int(settings.timeoutSeconds)
        endpoint.verifiesCertificate = settings.verifyCertificate
        self.endpoint = endpoint
    }

    /// Sends a request with the key.
    ///
    /// - Parameter path: without a slash at its begin.
    /// - Throws: `PluginError` for every answer but one of success.
    func send(_ method: String, _ path: String, body: Data? = nil, withKey: Bool = true) async throws -> Data {
        var request = endpoint.request(method, path)
        request.maxBytes = 8 << 20
        request.headers = [HeaderField("Accept", "application/json")]
        if withKey { request.headers.append(key) }
        if let body {
            request.headers.append(HeaderField("Content-Type", "application/json"))
            request.body = body
        }
        let response = try await endpoint.exchange(request)
        guard (200..<300).contains(response.status) else { throw failure(response) }
        return response.body
    }

    /// Sends a request whose answer is JSON.
    func get<Value: Decodable>(_ path: String, as type: Value.Type, withKey: Bool = true) async throws -> Value {
        let body = try await send("GET", path, withKey: withKey)
        do { return try JSONDecoder().decode(type, from: body) } catch { throw stranger }
    }

    /// Another program answers than the one that was chosen.
    var stranger: PluginError {
        PluginError(
            .badResponse,
            """
            \(endpoint.name) does not answer as \(service.label) does. Check host, port and URL base, and which media \
            server it is.
            """,
            field: "service"
        )
    }

    private func failure(_ response: ServiceResponse) -> PluginError {
        let name = endpoint.name
        let wait = response.retryDelay(at: host.now)
        switch response.status {
        case 401: return PluginError(.unauthorized, "\(name) does not take the key; make a new one.", field: "apiKey")
        case 403: return PluginError(.forbidden, "\(name) needs the key of an administrator for this.", field: "apiKey")
        case 404: return stranger
        case 429: return PluginError(.rateLimited, "\(name) asks to be sent fewer requests.", retryAfter: wait)
        case 503: return PluginError(.remoteFailure, "\(name) is starting or busy.", retryAfter: wait)
        default:
            return PluginError(
                response.status >= 500 ? .remoteFailure : .badResponse,
                "\(name) answers with the status \(response.status); look into its own log."
            )
        }
    }
}
