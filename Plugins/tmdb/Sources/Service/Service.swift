import FoundationEssentials
import PluginAPI

/// TMDB's API: how requests to it look, how fast they may come, and what its failures mean.
struct Service: Sendable {
    typealias Query = [(key: String, value: String)]

    /// What a test puts in the place of time.
    struct Tools: Sendable {
        var sleep: @Sendable (Duration) async throws -> Void

        static let system = Tools(sleep: { try await Task.sleep(for: $0) })
    }

    /// Seconds that a call waits in all because TMDB asks for it: the shortest deadline of a call is three times that.
    private static let longestWait = 5
    /// Requests that one call may make of one thing.
    private static let attempts = 3
    /// Bytes of an answer: the credits of the longest series take some MB.
    private static let largestAnswer = 16 << 20

    /// Without a slash at the end.
    let base: String
    /// "api.themoviedb.org", for messages.
    let name: String
    let host: any HostServices
    private let credential: Credential
    private let timeoutSeconds: Int
    private let pace = Pace()
    private let tools: Tools

    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    init(settings: TMDBSettings, host: any HostServices, tools: Tools) throws {
        guard let credential = Credential(settings.apiKey) else {
            throw PluginError(.invalid, "Enter the API key or the access token of your TMDB account.", field: "apiKey")
        }
        let address = settings.url
        let scheme = address.prefix { $0 != ":" }.lowercased()
        guard ["http", "https"].contains(scheme), !address.contains(where: { $0.isWhitespace || "?#@".contains($0) })
        else { throw PluginError(.invalid, "The address begins with https:// and ends in /3.", field: "url") }
        base = String(address.reversed().drop { $0 == "/" }.reversed())
        name = String(address.dropFirst(scheme.utf8.count + 3).prefix { $0 != "/" })
        self.host = host
        self.credential = credential
        self.tools = tools
        timeoutSeconds = settings.timeoutSeconds
    }

    /// Asks for `path`, which begins with a slash, and waits where TMDB asks for a short pause.
    ///
    /// - Parameter etag: of the answer that is known already; TMDB then may answer 304.
    /// - Returns: an answer of status 200 or 304.
    /// - Throws: `PluginError`; `.rateLimited` when TMDB asks for a longer pause.
    func get(_ path: String, _ query: Query = [], etag: String? = nil) async throws -> ServiceResponse {
        var left = Self.longestWait
        for _ in 0..<Self.attempts {
            if let seconds = pace.wait(at: host.now) {
                guard seconds <= left else { throw rateLimited(seconds) }
                left -= seconds
                try await tools.sleep(.seconds(seconds))
            }
            let response = try await exchange(request(path, query, etag))
            guard response.status == 429 else { return try checked(response) }
            pace.block(for: pause(of: response) ?? 2, at: host.now)
        }
        throw rateLimited(pace.wait(at: host.now) ?? 1)
    }

    /// Reads an answer as JSON.
    ///
    /// - Throws: `.badResponse` when it is something else.
    func read<Value: Decodable>(_ type: Value.Type, from body: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do { return try decoder.decode(type, from: body) } catch { throw unreadable(body) }
    }

    private func request(_ path: String, _ query: Query, _ etag: String?) -> ServiceRequest {
        var query = query
        if case .key(let key) = credential { query.append(("api_key", key)) }
        // TMDB's lists hold commas.
        let text = query.map { "\($0.key)=\($0.value.percentEncoded(keeping: ","))" }.joined(separator: "&")
        var request = ServiceRequest("GET", base + path + (text.isEmpty ? "" : "?" + text))
        request.headers = [HeaderField("Accept", "application/json")]
        if case .token(let token) = credential { request.headers.append(.init("Authorization", "Bearer \(token)")) }
        if let etag { request.headers.append(.init("If-None-Match", etag)) }
        request.timeout = timeoutSeconds * 1000
        request.maxBytes = Self.largestAnswer
        // A redirect would carry the key elsewhere.
        request.followsRedirects = false
        request.usesCookies = false
        return request
    }

    private func exchange(_ request: ServiceRequest) async throws -> ServiceResponse {
        do {
            return try await host.send(request)
        } catch let error as PluginError {
            throw error.naming(
                name,
                waited: timeoutSeconds,
                unreachable: .init("Check this machine's way to the internet."),
                untrusted: .init("Check the address, and whether a proxy is in between.")
            )
        }
    }

    private func pause(of response: ServiceResponse) -> Int? {
        response.retryDelay(at: host.now).map { max($0, 1) }
    }
}
