extension HTTPClient {
    /// What all requests of one client share.
    package struct Configuration: Sendable {
        /// The field `User-Agent` of requests that bring none.
        package var userAgent: String
        /// Connections to one host and port at the same time; further requests wait, and their time runs.
        package var maxConnectionsPerHost: Int
        /// Connections in all, the idle ones included, which make room for new ones.
        package var maxTotalConnections: Int
        /// The longest time until a connection stands, for requests that say nothing else.
        package var connectTimeout: Duration
        /// The proxy of requests that say nothing else; `nil` is none.
        ///
        /// The environment's proxies never count.
        package var defaultProxy: String?
        /// How long idle connections and the thread are kept after the last request.
        package var idleLifetime: Duration

        package init(
            userAgent: String = "Kinodock",
            maxConnectionsPerHost: Int = 6,
            maxTotalConnections: Int = 64,
            connectTimeout: Duration = .seconds(10),
            defaultProxy: String? = nil,
            idleLifetime: Duration = .seconds(120)
        ) {
            self.userAgent = userAgent
            self.maxConnectionsPerHost = maxConnectionsPerHost
            self.maxTotalConnections = maxTotalConnections
            self.connectTimeout = connectTimeout
            self.defaultProxy = defaultProxy
            self.idleLifetime = idleLifetime
        }
    }
}
