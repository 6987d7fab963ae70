/// A body whose bytes are made while they are sent, one piece at a time and no faster than the client takes them.
package struct StreamBody: Sendable {
    /// The exact length in bytes when it is known beforehand; then Content-Length is sent, else chunks.
    package let length: UInt64?

    let next: @Sendable () async throws -> [UInt8]?

    /// Describes a stream.
    ///
    /// `next` is called again only after its last piece was taken; `nil` or an empty piece ends the body. An error, or
    /// an end before `length`, closes the connection, which is how HTTP tells a client that a body is incomplete. A
    /// client that has gone is noticed when a piece is sent, not while `next` waits; `next` is cancelled when the server
    /// stops.
    package init(length: UInt64? = nil, next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.length = length
        self.next = next
    }
}
