package import FoundationEssentials

/// A response whose body arrives piece by piece, and only as fast as it is taken.
///
/// At most about 512 KiB wait in memory; then the connection pauses. The exchange ends when the last piece is taken,
/// when the reading task is cancelled, or when the last copy of the stream and its iterators is gone. There is one
/// consumer: a second call of `next()` at the same time fails with `.invalidRequest`.
package struct HTTPClientStream: AsyncSequence, Sendable {
    package typealias Failure = HTTPClientError

    package let status: Int
    /// The fields of the final response, as in `HTTPClientResponse.headers`.
    package let headers: [(name: String, value: String)]
    /// The address that answered, after redirects, without user name, password and fragment.
    package let url: String
    private let body: StreamBody

    init(head: ResponseHead, url: String, body: StreamBody) {
        status = head.status
        headers = head.fields
        self.url = url
        self.body = body
    }

    /// The first field of that name; the name's case does not matter.
    package func header(_ name: String) -> String? {
        headers.first(named: name)
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: body)
    }

    /// Takes the pieces of one body; all iterators of a stream share its position.
    package struct AsyncIterator: AsyncIteratorProtocol {
        package typealias Failure = HTTPClientError

        fileprivate let body: StreamBody

        /// The next bytes, never empty, or `nil` when the body is complete.
        package mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(HTTPClientError) -> Data? {
            try await body.next()
        }
    }
}
