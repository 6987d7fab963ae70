package import FoundationEssentials

/// One HTTP exchange to make, with the limits that it must keep.
package struct HTTPClientRequest: Sendable {
    /// A user name and a password for `Authorization: Basic` (RFC 7617).
    package struct BasicAuth: Hashable, Sendable {
        package var user: String
        package var password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// A token as in RFC 9110, section 9.1; sent as written.
    package var method: String
    /// Absolute, http or https.
    ///
    /// A user name and password inside it act as `basicAuth` and are not sent in the address.
    package var url: String
    /// Fields beside those that the client writes itself; `Content-Length` and `Transfer-Encoding` are left out.
    ///
    /// `User-Agent` and `Accept-Encoding` replace the client's own. A name or value that could not stand on one line
    /// fails the request with `.invalidRequest`.
    package var headers: [(name: String, value: String)]
    /// The bytes to send; `nil` sends none.
    ///
    /// A POST, PUT or PATCH without a body says `Content-Length: 0`.
    package var body: Data?
    /// The longest time for the whole exchange, redirects and body included; past it the request fails with `.timeout`.
    package var timeout: Duration = .seconds(30)
    /// The longest time until a connection stands; `nil` takes the client's.
    package var connectTimeout: Duration?
    /// How long the connection may stay silent, in whole seconds from 1 and some seconds more; `nil` leaves that to
    /// `timeout`.
    ///
    /// libcurl measures an average over five seconds. The time that a stream waits for its consumer does not count.
    package var idleTimeout: Duration?
    /// Whether 301, 302, 303, 307 and 308 are followed, at most 10 of them and to http and https only.
    ///
    /// 301 and 302 turn a POST into a GET, 303 everything but a HEAD. `Authorization`, `Cookie` and other header fields
    /// that hold keys stay behind when scheme, host or port change.
    package var followsRedirects = true
    /// The largest body in bytes, after decompression; a larger one fails with `.tooLarge` as soon as that is known.
    package var maxBodyBytes = 64 << 20
    /// The jar whose cookies are sent, and that keeps the ones that come back, at each step of a redirect.
    package var cookies: CookieJar?
    /// A proxy, for example `http://host:3128` or `socks5h://host:1080`; `nil` takes the client's, `""` means none.
    package var proxy: String?
    /// Whether a certificate that nobody vouches for, or for another host, fails the request with `.tls`.
    package var verifiesCertificate = true
    /// The hosts that may be at private addresses, in lower case; every other one must be in the internet.
    ///
    /// It holds for redirects too. For an address that was not entered by the user but named by somebody else: nobody
    /// shall reach this machine or its network through it. `nil` lets every host be anywhere. There must be no proxy.
    package var privateHosts: Set<String>?
    /// Sent with the first request; a header field `Authorization` wins over it.
    package var basicAuth: BasicAuth?

    package init(
        method: String = "GET",
        url: String,
        headers: [(name: String, value: String)] = [],
        body: Data? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}
