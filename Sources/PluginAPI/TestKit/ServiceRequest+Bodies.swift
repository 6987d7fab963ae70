import FoundationEssentials

/// What a test asks of a request that a plugin has sent.
extension ServiceRequest {
    /// A part of a multipart body.
    public struct Part: Hashable, Sendable {
        /// The form field's name.
        public var name: String
        /// The name of the file, when the part is one.
        public var fileName: String?
        /// The bytes of the part.
        public var content: [UInt8]

        /// The content as text.
        public var text: String { String(decoding: content, as: UTF8.self) }
    }

    /// Path and query, without scheme and host.
    public var target: String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let rest = url[scheme.upperBound...]
        guard let start = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
        return String(rest[start...])
    }

    /// The first header field of that name; the name's case does not matter.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON; null when it is something else.
    public var json: JSONValue {
        body.flatMap { try? JSONDecoder().decode(JSONValue.self, from: $0) } ?? .null
    }

    /// The fields of a form body; empty when the body is something else.
    public var formFields: [String: String] {
        guard header("Content-Type")?.hasPrefix("application/x-www-form-urlencoded") == true, let body else {
            return [:]
        }
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : "")
        }
        return Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }

    /// The parts of a `multipart/form-data` body; empty when the body is something else or is damaged.
    public var parts: [Part] {
        guard let type = header("Content-Type"), let range = type.firstRange(of: "boundary="), let body else {
            return []
        }
        let boundary = Array("--\(type[range.upperBound...])".utf8)
        return Self.split(Array(body), at: boundary).compactMap(Self.part)
    }

    /// The text of the first part of that name.
    public func part(_ name: String) -> String? {
        parts.first { $0.name == name }?.text
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What stands between the boundaries, without the line ends that belong to them.
    private static func split(_ body: [UInt8], at boundary: [UInt8]) -> [ArraySlice<UInt8>] {
        let ranges = body.ranges(of: boundary)
        return zip(ranges, ranges.dropFirst()).map { body[$0.upperBound..<$1.lowerBound].dropFirst(2).dropLast(2) }
    }

    private static func part(_ bytes: ArraySlice<UInt8>) -> Part? {
        guard let gap = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<gap.lowerBound], as: UTF8.self)
        guard let name = quoted("name", in: head) else { return nil }
        return Part(name: name, fileName: quoted("filename", in: head), content: Array(bytes[gap.upperBound...]))
    }

    private static func quoted(_ key: String, in head: String) -> String? {
        guard let start = head.firstRange(of: " \(key)=\"") else { return nil }
        return String(head[start.upperBound...].prefix { $0 != "\"" })
    }
}
