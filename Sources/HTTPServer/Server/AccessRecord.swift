/// One answered request, for the access log.
///
/// It shows no header field and no query, so no secret can get from it into a log. Its texts are made when asked for: a
/// log that only counts answers costs nothing more.
package struct AccessRecord: Sendable {
    /// The status that was sent.
    package let status: HTTPStatus
    /// The bytes of the body that were meant to be sent; 0 for a stream whose length is not known beforehand.
    package let bytes: UInt64
    /// From the first look at the request to its answer; for a set-aside, file or stream response to its end.
    package let duration: Duration
    private let request: HTTPRequest

    init(_ request: HTTPRequest, status: HTTPStatus, bytes: UInt64, duration: Duration) {
        self.request = request
        self.status = status
        self.bytes = bytes
        self.duration = duration
    }

    /// The method.
    package var method: HTTPMethod { request.method }

    /// The path without the query, as it came on the wire.
    package var path: String {
        // Bytes, not characters: a combining mark after the question mark would make another character of it.
        String(decoding: request.rawTarget.utf8.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// The address of the client.
    package var remoteAddress: String { request.remoteAddress }

    /// The correlation id.
    package var requestID: String { request.id }
}
