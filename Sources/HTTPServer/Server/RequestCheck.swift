internal import CMicroHTTPD
internal import Glibc

/// Looks at the header fields before anything else does: their size, and how the body is framed.
struct RequestCheck {
    enum Verdict {
        /// No body follows.
        case none
        /// A body follows, of a known length or in chunks.
        case body(UInt64?)
        case refused(HTTPError)
    }

    let core: ServerCore
    let connection: OpaquePointer

    /// Judges a request whose header fields are complete.
    func verdict(isWhole: Bool, version: UnsafePointer<CChar>?) -> Verdict {
        if mhd_header_size(connection) > core.maxHeaderBytes {
            let words = "The header fields are larger than \(core.maxHeaderBytes) bytes; send fewer or shorter ones."
            return .refused(HTTPError(.headerFieldsTooLarge, words))
        }
        guard isWhole else { return .refused(HTTPError(.badRequest, "The request line is malformed.")) }
        // RFC 9112 section 3.2: HTTP/1.1 needs Host.
        if field("Host") == nil, version.map({ strcmp($0, "HTTP/1.0") != 0 }) ?? true {
            return .refused(HTTPError(.badRequest, "The header field Host is missing."))
        }
        return framing()
    }

    /// The error for a body over `limit` bytes.
    func tooLarge(_ limit: Int) -> HTTPError {
        HTTPError(.payloadTooLarge, "The body is larger than \(limit) bytes, the most that this address takes.")
    }

    private func framing() -> Verdict {
        let length = field("Content-Length")
        guard let coding = field("Transfer-Encoding") else {
            guard let length else { return .none }
            return announced(length)
        }
        // Both fields together are how requests are smuggled (RFC 9112 section 6.1).
        guard length == nil, strcasecmp(coding, "chunked") == 0, count("Transfer-Encoding") == 1 else {
            return .refused(HTTPError(.badRequest, "The body's framing is not clear: send Content-Length or chunks."))
        }
        return .body(nil)
    }

    private func announced(_ text: UnsafePointer<CChar>) -> Verdict {
        guard let bytes = UInt64(String(cString: text)), count("Content-Length") == 1 else {
            return .refused(HTTPError(.badRequest, "Content-Length is not one number."))
        }
        return bytes == 0 ? .none : .body(bytes)
    }

    private func field(_ name: StaticString) -> UnsafePointer<CChar>? {
        var value: UnsafePointer<CChar>?
        let found = name.utf8Start.withMemoryRebound(to: CChar.self, capacity: name.utf8CodeUnitCount) { key in
            MHD_lookup_connection_value_n(connection, .HEADER_KIND, key, name.utf8CodeUnitCount, &value, nil)
        }
        return found == .YES ? value : nil
    }

    private func count(_ name: String) -> Int {
        RequestHead(connection: connection).all().all(named: name).count
    }
}
