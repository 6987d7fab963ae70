internal import Glibc

extension HTTPServer {
    /// How a server listens and what it allows.
    package struct Configuration: Sendable {
        /// A certificate and its key, both PEM texts.
        package struct TLS: Sendable {
            /// The certificate, its chain after it.
            package var certificatePEM: String
            /// The private key, without a password.
            package var keyPEM: String

            /// Puts a pair together.
            package init(certificatePEM: String, keyPEM: String) {
                self.certificatePEM = certificatePEM
                self.keyPEM = keyPEM
            }
        }

        /// A numeric IPv4 or IPv6 address; `::` also takes IPv4.
        package var address = "127.0.0.1"
        /// The port; 0 lets the kernel choose.
        package var port = 0
        /// The number of threads that serve connections, at least 1.
        package var threads = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        /// The most bytes of a request line with its header fields; more is 431.
        package var maxHeaderBytes = 16 << 10
        /// The most bytes of a request body where the route says nothing; more is 413.
        package var maxBodyBytes = 1 << 20
        /// The most connections at a time; more are closed at once.
        package var maxConnections = 4_096
        /// The most connections from one address; `nil` for no limit.
        package var maxConnectionsPerAddress: Int?
        /// The seconds after which a connection on which nothing moves is closed.
        package var idleTimeout = 75
        /// Encrypts connections when set.
        package var tls: TLS?

        /// The defaults: loopback, a port of the kernel's choice.
        package init(address: String = "127.0.0.1", port: Int = 0) {
            self.address = address
            self.port = port
        }
    }
}
