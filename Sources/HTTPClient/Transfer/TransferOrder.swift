/// Everything that the engine needs to know about one exchange.
struct TransferOrder: Sendable {
    let hop: Hop
    let sink: any TransferSink
    let cookies: CookieJar?
    let maxBodyBytes: Int
    let followsRedirects: Bool
    let verifiesCertificate: Bool
    let userAgent: String
    let proxy: Proxy?
    let timeout: Duration
    let deadline: ContinuousClock.Instant
    let connectTimeout: Duration
    let idleTimeout: Duration?
    /// As in `HTTPClientRequest`.
    let privateHosts: Set<String>?

    /// Checks the request and adds what the configuration says.
    init(
        _ request: HTTPClientRequest,
        sink: any TransferSink,
        configuration: HTTPClient.Configuration
    ) throws(HTTPClientError) {
        hop = try Hop(request)
        self.sink = sink
        cookies = request.cookies
        maxBodyBytes = request.maxBodyBytes
        followsRedirects = request.followsRedirects
        verifiesCertificate = request.verifiesCertificate
        userAgent = configuration.userAgent
        proxy = try Proxy(request.proxy ?? configuration.defaultProxy ?? "")
        timeout = request.timeout
        deadline = .now + request.timeout
        connectTimeout = request.connectTimeout ?? configuration.connectTimeout
        idleTimeout = request.idleTimeout
        privateHosts = request.privateHosts
    }
}
