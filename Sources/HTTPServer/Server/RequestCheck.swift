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
        let fields = FieldSurvey(of: connection)
        if fields.hasFault {
            return .refused(HTTPError(.badRequest, "A header field has a character in it that is not allowed there."))
        }
        // RFC 9112 section 3.2: HTTP/1.1 needs one Host, and no version takes two.
        if fields.hosts == 0, version.map({ strcmp($0, "HTTP/1.0") != 0 }) ?? true {
            return .refused(HTTPError(.badRequest, "The header field Host is missing."))
        }
        if fields.hosts > 1 { return .refused(HTTPError(.badRequest, "The header field Host stands there twice.")) }
        return framing(fields)
    }

    /// The error for a body over `limit` bytes.
    func tooLarge(_ limit: Int) -> HTTPError {
        HTTPError(.payloadTooLarge, "The body is larger than \(limit) bytes, the most that this address takes.")
    }

    private func framing(_ fields: FieldSurvey) -> Verdict {
        if fields.codings == 0 {
            if fields.lengths == 0 { return .none }
            guard fields.lengths == 1, let length = fields.length, let bytes = UInt64(String(cString: length)) else {
                return .refused(HTTPError(.badRequest, "Content-Length is not one number."))
            }
            return bytes == 0 ? .none : .body(bytes)
        }
        // Both fields together are how requests are smuggled (RFC 9112 section 6.1).
        guard fields.lengths == 0, fields.codings == 1, let coding = fields.coding, strcasecmp(coding, "chunked") == 0
        else {
            return .refused(HTTPError(.badRequest, "The body's framing is not clear: send Content-Length or chunks."))
        }
        return .body(nil)
    }
}

/// What one walk over the header fields finds out about those that decide where a request ends.
///
/// The texts lie in the connection's memory and are valid during the callback that the request is judged in.
private struct FieldSurvey {
    private(set) var hosts = 0
    private(set) var lengths = 0
    private(set) var length: UnsafePointer<CChar>?
    private(set) var codings = 0
    private(set) var coding: UnsafePointer<CChar>?
    /// Whether a name has white space in it, or a value a carriage return.
    ///
    /// The library lets both pass, and two servers in a row could take them for different things (RFC 9112 section 5.1,
    /// RFC 9110 section 5.5).
    private(set) var hasFault = false

    init(of connection: OpaquePointer) {
        _ = MHD_get_connection_values_n(
            connection,
            .HEADER_KIND,
            { survey, _, name, nameLength, value, valueLength in
                guard let survey else { return .NO }
                survey.assumingMemoryBound(to: FieldSurvey.self).pointee.take(
                    UnsafeRawBufferPointer(start: name, count: name == nil ? 0 : nameLength),
                    UnsafeBufferPointer(start: value, count: value == nil ? 0 : valueLength)
                )
                return .YES
            },
            &self
        )
    }

    private mutating func take(_ name: UnsafeRawBufferPointer, _ value: UnsafeBufferPointer<CChar>) {
        if name.isEmpty || name.contains(0x20) || name.contains(0x09) || value.contains(0x0D) { hasFault = true }
        if Self.matches(name, "host") {
            hosts += 1
        } else if Self.matches(name, "content-length") {
            lengths += 1
            length = value.baseAddress
        } else if Self.matches(name, "transfer-encoding") {
            codings += 1
            coding = value.baseAddress
        }
    }

    private static func matches(_ name: UnsafeRawBufferPointer, _ lowercase: StaticString) -> Bool {
        let lowercase = UnsafeBufferPointer(start: lowercase.utf8Start, count: lowercase.utf8CodeUnitCount)
        return name.elementsEqual(lowercase) { $0.asciiLowercased == $1 }
    }
}
