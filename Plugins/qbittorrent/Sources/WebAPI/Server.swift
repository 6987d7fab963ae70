import FoundationEssentials
import PluginAPI

/// One Web UI: how requests to it look and what its failures mean.
///
/// It knows no session.
struct Server: Sendable {
    let address: ServerAddress
    let settings: QBittorrentSettings
    let host: any HostServices

    init(settings: QBittorrentSettings, host: any HostServices) throws {
        self.settings = settings
        self.host = host
        address = try ServerAddress(settings)
    }

    /// A request without a session.
    ///
    /// The plugin keeps the cookies itself, so that a test can begin without any.
    ///
    /// Redirects are not followed: they would carry the password to an address that nobody has entered.
    func request(_ method: String, _ path: String, query: [(key: String, value: String)] = []) -> ServiceRequest {
        var request = ServiceRequest(
            method,
            address.base + path + (query.isEmpty ? "" : "?" + FormBody.encode(query))
        )
        request.timeout = settings.timeoutSeconds * 1000
        request.followsRedirects = false
        request.usesCookies = false
        request.verifiesCertificate = settings.verifyCertificate
        return request
    }

    func form(_ path: String, _ fields: [(key: String, value: String)]) -> ServiceRequest {
        var request = request("POST", path)
        request.headers.append(HeaderField("Content-Type", FormBody.contentType))
        request.body = Data(FormBody.encode(fields).utf8)
        return request
    }

    /// Sends a request; failures of the transport get words that name this server.
    func exchange(_ request: ServiceRequest) async throws -> ServiceResponse {
        let response: ServiceResponse
        do {
            response = try await host.send(request)
        } catch let error as PluginError {
            throw explain(error)
        }
        guard (300..<400).contains(response.status) else { return response }
        throw PluginError(
            .badResponse,
            """
            \(name) answers with a redirect\(target(of: response)). Enter the address that it redirects to: \
            check host, port, HTTPS and URL base.
            """,
            field: "host"
        )
    }

    /// "qBittorrent at 127.0.0.1:8080", for messages.
    var name: String { "qBittorrent at \(address.authority)" }

    private func target(of response: ServiceResponse) -> String {
        // Queries can hold secrets.
        response.header("Location").map { " to \($0.prefix { $0 != "?" })" } ?? ""
    }

    private func explain(_ error: PluginError) -> PluginError {
        var explained = error
        switch error.code.value {
        case .unreachable:
            explained.message = """
                No connection to \(name): \(error.message) Check that it runs, that its Web UI is on, \
                and host and port.\(tlsHint)
                """
            explained.field = "host"
        case .timeout:
            explained.message = "\(name) did not answer within \(settings.timeoutSeconds) seconds."
        case .untrusted:
            explained.message = """
                The certificate of \(name) is not trusted: \(error.message) Use a certificate that is, or turn \
                its check off for a self-signed one.
                """
            explained.field = "verifyCertificate"
        case .badResponse:
            explained.message = "\(name) did not answer in HTTP: \(error.message)\(tlsHint)"
            explained.field = "tls"
        default: break
        }
        return explained
    }

    private var tlsHint: String {
        address.usesTLS
            ? " If its Web UI does not use HTTPS, turn HTTPS off." : " If its Web UI uses HTTPS, turn HTTPS on."
    }
}
