/// Reads the lines of a response's head as libcurl hands them over, one at a time.
struct ResponseHead: Sendable {
    /// The largest head in bytes, all interim responses included; libcurl itself only limits one line.
    static let limit = 256 << 10

    enum Progress: Equatable {
        case incomplete
        /// The empty line after a final response has come.
        case complete
        /// The head is larger than `limit`.
        case tooLarge
    }

    private(set) var status = 0
    private(set) var fields: [(name: String, value: String)] = []
    private var size = 0
    private var isComplete = false

    /// Takes the next line with its line break.
    ///
    /// An interim response (1xx) is forgotten when the next status line comes. Lines after the head are trailers of a
    /// chunked body, which nothing here needs. A line without a colon is left out.
    mutating func receive(_ line: UnsafeRawBufferPointer) -> Progress {
        guard !isComplete else { return .incomplete }
        size += line.count
        guard size <= Self.limit else { return .tooLarge }
        let content = Self.trimmed(line[...])
        if line.starts(with: "HTTP/".utf8) {
            status = Self.status(in: content)
            fields.removeAll(keepingCapacity: true)
        } else if content.isEmpty {
            isComplete = status >= 200 || status == 101
            return isComplete ? .complete : .incomplete
        } else if Self.isBlank(line[0]), let last = fields.indices.last {
            // Obsolete folding (RFC 9112, section 5.2): the line continues the field above.
            fields[last].value += " " + Self.text(content)
        } else if let colon = content.firstIndex(of: UInt8(ascii: ":")) {
            let name = Self.trimmed(content[..<colon])
            guard !name.isEmpty else { return .incomplete }
            fields.append((Self.text(name), Self.text(Self.trimmed(content[(colon + 1)...]))))
        }
        return .incomplete
    }

    /// The size of the body on the wire, if the server told it.
    var contentLength: Int? {
        fields.first(named: "Content-Length").flatMap { Int($0) }
    }

    private static func status(in line: Slice<UnsafeRawBufferPointer>) -> Int {
        let digits = line.drop { $0 != UInt8(ascii: " ") }.dropFirst().prefix(3)
        return Int(text(digits)) ?? 0
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        var bytes = bytes.drop(while: isBlank)
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a
    }

    /// Fields are UTF-8 today and were Latin-1 in the past, in which every byte is a letter.
    private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
        return String(scalars)
    }
}
