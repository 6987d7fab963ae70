/// One answered request, for the access log.
///
/// It never holds a header field or a query, so no secret can be in it.
package struct AccessRecord: Sendable {
    /// The method.
    package let method: HTTPMethod
    /// The path without the query, as it came on the wire.
    package let path: String
    /// The status that was sent.
    package let status: HTTPStatus
    /// The bytes of the body that were meant to be sent; 0 for a stream whose length is not known beforehand.
    package let bytes: UInt64
    /// From the first look at the request to its answer; for a set-aside, file or stream response to its end.
    package let duration: Duration
    /// The address of the client.
    package let remoteAddress: String
    /// The correlation id.
    package let requestID: String
}
