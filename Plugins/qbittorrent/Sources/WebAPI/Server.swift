import FoundationEssentials
import PluginAPI

/// One Web UI: how requests to it look.
///
/// It knows no session.
struct Server: Sendable {
    let endpoint: ServiceEndpoint
    let settings: QBittorrentSettings
    let host: any HostServices

    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    init(settings: QBittorrentSettings, host: any HostServices) throws {
        self.settings = settings
        self.host = host
        endpoint = try ServiceEndpoint(product: "qBittorrent", interface: "its Web UI", settings: settings, host: host)
    }

    /// A request without a session.
    ///
    /// The plugin keeps the cookies itself, so that a test can begin without any.
    func request(_ method: String, _ path: String, query: [(key: String, value: String)] = []) -> ServiceRequest {
        endpoint.request(method, "api/v2/" + path + (query.isEmpty ? "" : "?" + FormBody.encode(query)))
    }

    func form(_ path: String, _ fields: [(key: String, value: String)]) -> ServiceRequest {
        var request = request("POST", path)
        request.headers.append(HeaderField("Content-Type", FormBody.contentType))
        request.body = Data(FormBody.encode(fields).utf8)
        return request
    }

    /// Sends a request; failures of the transport get words that name this server.
    func exchange(_ request: ServiceRequest) async throws -> ServiceResponse {
        try await endpoint.exchange(request)
    }

    /// "qBittorrent at 127.0.0.1:8080", for messages.
    var name: String { endpoint.name }
}
