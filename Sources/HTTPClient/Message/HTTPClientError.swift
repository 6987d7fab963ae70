/// Why an exchange did not end with a response.
package struct HTTPClientError: Error, Hashable, Sendable {
    /// The kinds of failure.
    package enum Code: String, Hashable, Sendable, CaseIterable {
        /// The address is not a complete http or https address.
        case invalidURL
        /// The method, a header field or another part of the request cannot be sent.
        case invalidRequest
        /// No host of that name, or nothing listens there that speaks http or https as asked for: the request was not sent.
        case unreachable
        /// The connection broke: the other side may have had the request and acted on it.
        case interrupted
        /// One of the request's time limits passed.
        case timeout
        /// The certificate of the other side, or one of this machine, is not trusted or cannot be checked.
        case tls
        /// The body is larger than the request allows.
        case tooLarge
        /// More than 10 redirects.
        case tooManyRedirects
        /// The proxy's address is wrong, it cannot be reached, or it refused.
        case proxy
        /// The task was cancelled, or the client was shut down.
        case cancelled
        /// What came back is not HTTP as the standard says.
        case `protocol`
    }

    package let code: Code
    /// What went wrong and what to do.
    ///
    /// Names `host:port` at most, never a user name, a password or a query.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension HTTPClientError: CustomStringConvertible {
    package var description: String { "\(code): \(message)" }
}

extension HTTPClientError {
    static let cancelled = HTTPClientError(.cancelled, "The request was cancelled.")
    static let shutDown = HTTPClientError(.cancelled, "The request was cancelled because the server is stopping.")
    static let outOfResources = HTTPClientError(
        .protocol,
        "The HTTP client could not start for lack of memory, threads or open files. Close other programs or raise the limits."
    )
}
