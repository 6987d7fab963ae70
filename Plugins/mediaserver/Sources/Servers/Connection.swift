import FoundationEssentials
import PluginAPI

/// Requests to one media server, and what its failures mean.
struct Connection: Sendable {
    let service: Service
    let settings: MediaServerSettings
    let host: any HostServices
    private let base: String

    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    init(_ service: Service, _ settings: MediaServerSettings, _ host: any HostServices) throws(PluginError) {
        self.service = service
        self.settings = settings
        self.host = host
        guard !settings.host.isEmpty else { throw PluginError(.invalid, "The host is missing.", field: "host") }
        let isAddress6 = settings.host.contains(":") && !settings.host.hasPrefix("[")
        let name = isAddress6 ? "[\(settings.host)]" : settings.host
        let port = settings.port.map { Int($0) } ?? service.port
        base = "\(settings.tls ? "https" : "http")://\(name):\(port)" + (try Self.path(settings.urlBase ?? ""))
    }

    /// What messages call the server.
    var name: String { "\(service.label) at \(base)" }

    /// Sends a request with the key.
    ///
    /// - Throws: `PluginError` for every answer but one of success.
    func send(_ method: String, _ path: String, body: Data? = nil, withKey: Bool = true) async throws -> Data {
        var request = ServiceRequest(method, base + path)
        request.timeout = Int(settings.timeoutSeconds * 1000)
        request.followsRedirects = false
        request.usesCookies = false
        request.maxBytes = 8 << 20
        request.verifiesCertificate = settings.verifyCertificate
        request.headers = [HeaderField("Accept", "application/json")]
        if withKey { request.headers.append(key) }
        if let body {
            request.headers.append(HeaderField("Content-Type", "application/json"))
            request.body = body
        }
        let response: ServiceResponse
        do {
            response = try await host.send(request)
        } catch let error as PluginError {
            throw explained(error)
        }
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
            "\(name) does not answer as \(service.label) does. Check host, port and URL base, and which media server it is.",
            field: "service"
        )
    }

    /// Escapes a value of a query.
    static func escaped(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let character = Character(Unicode.Scalar(byte))
            if byte < 128, character.isLetter || character.isNumber || "-_.~".contains(character) {
                result.append(character)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }

    private var key: HeaderField {
        switch service {
        // The other headers for it are on their way out.
        case .jellyfin: HeaderField("Authorization", "MediaBrowser Token=\"\(settings.apiKey)\"")
        case .emby: HeaderField("X-Emby-Token", settings.apiKey)
        case .plex: HeaderField("X-Plex-Token", settings.apiKey)
        }
    }

    private static func path(_ text: String) throws(PluginError) -> String {
        let parts = text.split(separator: "/")
        let isPath = !text.unicodeScalars.contains {
            $0.value <= 0x20 || $0.value == 0x7F || "?#\\".unicodeScalars.contains($0)
        }
        guard isPath else {
            throw PluginError(.invalid, "A URL base is a path, for example /jellyfin.", field: "urlBase")
        }
        return parts.map { "/" + $0 }.joined()
    }

    private func failure(_ response: ServiceResponse) -> PluginError {
        let wait = response.retryDelay(at: host.now)
        switch response.status {
        case 300..<400:
            return PluginError(
                .badResponse,
                "\(name) sends elsewhere, where the key is not sent unasked. Check HTTPS, port and URL base.",
                field: "urlBase"
            )
        case 401: return PluginError(.unauthorized, "\(name) does not take the key; make a new one.", field: "apiKey")
        case 403: return PluginError(.forbidden, "\(name) needs the key of an administrator for this.", field: "apiKey")
        case 404: return stranger
        case 429:
            return PluginError(.rateLimited, "\(name) takes no more requests for now.", retryAfter: wait)
        case 503:
            return PluginError(.remoteFailure, "\(name) is starting or busy.", retryAfter: wait)
        default:
            return PluginError(
                response.status >= 500 ? .remoteFailure : .badResponse,
                "\(name) answers with the status \(response.status); look into its own log."
            )
        }
    }

    private func explained(_ error: PluginError) -> PluginError {
        var explained = error
        switch error.code.value {
        case .unreachable:
            explained.message = "No connection to \(name): \(error.message) Check that it runs, and host and port."
            explained.field = "host"
        case .timeout:
            explained.message = "\(name) did not answer within \(Int(settings.timeoutSeconds)) seconds."
        case .untrusted:
            explained.message = """
                The certificate of \(name) is not trusted: \(error.message) Use a certificate that is, or turn its check \
                off for a self-signed one.
                """
            explained.field = "verifyCertificate"
        case .badResponse:
            explained.message = "\(name) did not answer in HTTP: \(error.message) Check whether it uses HTTPS."
            explained.field = "tls"
        default: break
        }
        return explained
    }
}
