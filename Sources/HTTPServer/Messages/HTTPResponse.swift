package import FoundationEssentials

/// What a handler answers.
package struct HTTPResponse: Sendable {
    /// What follows the header fields.
    package enum Body: Sendable {
        /// Nothing; Content-Length is 0 where the status allows a body.
        case empty
        /// Bytes that are copied once into the connection's response.
        case bytes([UInt8])
        /// Like `bytes`, for what an encoder gives.
        case data(Data)
        /// A file, with ranges and conditions answered by the server.
        case file(FileBody)
        /// A stream of server-sent events.
        case events(EventStreamBody)
        /// Bytes that are made while they are sent.
        case stream(StreamBody)
        /// A whole response made beforehand; its own status and fields are sent.
        case prepared(PreparedResponse)

        /// The number of bytes, `nil` when it is not known beforehand.
        var length: UInt64? {
            switch self {
            case .empty: 0
            case .bytes(let bytes): UInt64(bytes.count)
            case .data(let data): UInt64(data.count)
            case .stream(let stream): stream.length
            case .prepared(let prepared): UInt64(prepared.count)
            case .file, .events: nil
            }
        }
    }

    /// The status.
    package var status: HTTPStatus
    /// The fields; Content-Length, Date and the framing are the server's.
    package var headers: HTTPHeaders
    /// The body.
    package var body: Body

    /// Puts a response together.
    package init(status: HTTPStatus = .ok, headers: HTTPHeaders = [:], body: Body = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response with a type and bytes.
    package static func data(_ data: Data, contentType: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": contentType], body: .data(data))
    }

    /// A response with a type and bytes.
    package static func bytes(_ bytes: [UInt8], contentType: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": contentType], body: .bytes(bytes))
    }

    /// A JSON document that is already encoded.
    package static func json(_ bytes: [UInt8], status: HTTPStatus = .ok) -> HTTPResponse {
        .bytes(bytes, contentType: "application/json", status: status)
    }

    /// Plain text in UTF-8.
    package static func text(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
        .bytes(Array(text.utf8), contentType: "text/plain; charset=utf-8", status: status)
    }

    /// A status alone.
    package static func empty(_ status: HTTPStatus) -> HTTPResponse {
        HTTPResponse(status: status)
    }

    /// A file, with ranges and conditions answered by the server.
    package static func file(_ file: FileBody, headers: HTTPHeaders = [:]) -> HTTPResponse {
        HTTPResponse(headers: headers, body: .file(file))
    }
}
