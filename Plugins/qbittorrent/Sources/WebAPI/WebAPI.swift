import FoundationEssentials
import PluginAPI
import Synchronization

/// The calls of the Web API v2 that the plugin uses.
///
/// Source: "WebUI API" in qBittorrent's wiki, and recordings of 4.5.2, 5.1.4 and 5.2.3.
final class WebAPI: Sendable {
    let server: Server
    let session: Session
    /// The ids that the server uses for torrents that hosts know by another one.
    let renamed = Mutex<[TorrentID: TorrentID]>([:])

    init(_ server: Server) {
        self.server = server
        session = Session(server)
    }

    /// A GET whose answer is text.
    func text(_ path: String) async throws -> String {
        let response = try await get(path)
        return String(decoding: response.body, as: UTF8.self)
    }

    /// A GET whose answer is JSON.
    func json<Value: Decodable>(
        _ type: Value.Type,
        _ path: String,
        _ query: KeyValuePairs<String, String> = [:],
        maxBytes: Int = 64 << 20
    ) async throws -> Value {
        let response = try await get(path, query, maxBytes: maxBytes)
        do {
            return try JSONDecoder().decode(type, from: response.body)
        } catch {
            throw server.nonsense(path)
        }
    }

    /// A POST of form fields; any 2xx is a success.
    func post(_ path: String, _ fields: KeyValuePairs<String, String>) async throws {
        let response = try await answer(to: path, fields)
        guard (200..<300).contains(response.status) else { throw server.failure(response, doing: "call \(path)") }
    }

    /// A POST of form fields, with whatever status.
    func answer(to path: String, _ fields: KeyValuePairs<String, String>) async throws -> ServiceResponse {
        try await session.send(server.form(path, Array(fields)))
    }

    /// A POST of a multipart body, with whatever status.
    func answer(to path: String, _ body: MultipartBody) async throws -> ServiceResponse {
        var request = server.request("POST", path)
        request.headers.append(HeaderField("Content-Type", body.contentType))
        request.body = body.data
        return try await session.send(request)
    }

    private func get(
        _ path: String,
        _ query: KeyValuePairs<String, String> = [:],
        maxBytes: Int = 64 << 20
    ) async throws -> ServiceResponse {
        var request = server.request("GET", path, query: Array(query))
        request.maxBytes = maxBytes
        let response = try await session.send(request)
        guard (200..<300).contains(response.status) else { throw server.failure(response, doing: "read \(path)") }
        return response
    }
}
