internal import CMicroHTTPD
internal import FoundationEssentials

/// Finds the pieces between the boundaries of a multipart body (RFC 2046 section 5.1.1).
struct MultipartScanner {
    private let body: Data
    private let delimiter: Data
    private var position: Data.Index
    private var atEnd = false

    init(body: Data, boundary: String) {
        self.body = body
        delimiter = Data("\r\n--\(boundary)".utf8)
        position = body.startIndex
        guard !body.starts(with: delimiter.dropFirst(2)) else {
            position += delimiter.count - 2
            return
        }
        // Anything before the first boundary is a preamble that nobody reads.
        position = Self.find(delimiter, in: body)?.upperBound ?? body.endIndex
    }

    /// The next piece, header fields and content together; `nil` after the last.
    mutating func next() throws -> Data? {
        guard !atEnd, try !finished() else { return nil }
        guard let end = Self.find(delimiter, in: body[position...]) else {
            throw MultipartForm.refusal("ends before its closing boundary")
        }
        defer { position = end.upperBound }
        return body[position..<end.lowerBound]
    }

    /// The first place of `needle` in `data`.
    static func find(_ needle: Data, in data: Data) -> Range<Data.Index>? {
        let offset = data.withUnsafeBytes { bytes in
            needle.withUnsafeBytes { needle -> Int? in
                guard let start = bytes.baseAddress else { return nil }
                return memmem(start, bytes.count, needle.baseAddress, needle.count).map { UnsafeRawPointer($0) - start }
            }
        }
        return offset.map { (data.startIndex + $0)..<(data.startIndex + $0 + needle.count) }
    }

    private mutating func finished() throws -> Bool {
        var rest = body[position...]
        if rest.starts(with: [0x2D, 0x2D]) {
            atEnd = true
            return true
        }
        while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest = rest.dropFirst() }
        guard rest.starts(with: [0x0D, 0x0A]) else { throw MultipartForm.refusal("has no valid boundary") }
        position = rest.startIndex + 2
        // A part without header fields begins with the empty line itself.
        return false
    }
}
