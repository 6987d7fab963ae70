package import FoundationEssentials

/// The answer to an `HTTPClientRequest`; a status of 400 or above is an answer too.
package struct HTTPClientResponse: Sendable {
    package let status: Int
    /// The fields of the final response, in their order, as sent: after decompression `Content-Encoding` and
    /// `Content-Length` still tell of the bytes on the wire.
    package let headers: [(name: String, value: String)]
    /// The address that answered, after redirects, without user name, password and fragment.
    package let url: String
    /// The bytes after decompression.
    package let body: Data

    package init(status: Int, headers: [(name: String, value: String)], url: String, body: Data) {
        self.status = status
        self.headers = headers
        self.url = url
        self.body = body
    }

    /// The first field of that name; the name's case does not matter.
    package func header(_ name: String) -> String? {
        headers.first(named: name)
    }
}
