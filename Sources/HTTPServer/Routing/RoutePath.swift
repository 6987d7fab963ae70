/// The path of a request in the form that the router walks: decoded, with a mark where an encoded slash was.
struct RoutePath {
    /// Stands for an encoded slash, which belongs to its segment; NUL itself is refused, so nothing else can look like
    /// it.
    static let innerSlash: UInt8 = 0

    /// Runs `body` with the canonical bytes of a target that may still carry a query or an authority; `nil` when the
    /// path is malformed: no leading slash, a bad escape, a NUL, a space or a control character.
    static func withCanonical<Result>(
        _ target: UnsafeBufferPointer<UInt8>,
        _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result? {
        let path = pathPart(target)
        guard path.first == slash else { return nil }
        var escaped = false
        for byte in path {
            if byte <= 0x20 || byte == 0x7F { return nil }
            if byte == PercentCoding.percent { escaped = true }
        }
        guard escaped else { return body(path) }
        return decoded(path).map { $0.withUnsafeBufferPointer(body) }
    }

    /// The text of a captured stretch; `nil` when it is not UTF-8.
    static func text(_ bytes: some Sequence<UInt8>) -> String? {
        String(validating: bytes.lazy.map { $0 == innerSlash ? slash : $0 }, as: UTF8.self)
    }

    /// Whether a captured rest stays below its root: no `..` and no encoded slash.
    static func staysInside(_ rest: some Collection<UInt8>) -> Bool {
        !rest.contains(innerSlash)
            && rest.split(separator: slash, omittingEmptySubsequences: false).allSatisfy {
                !$0.elementsEqual("..".utf8)
            }
    }

    static let slash = UInt8(ascii: "/")

    private static func pathPart(_ target: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let end = target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
        var start = 0
        if target.first != slash {
            // The absolute form, which a server must take (RFC 9112 section 3.2.2).
            for scheme in ["http://", "https://"]
            where target[..<end].starts(with: scheme.utf8, by: { $0.asciiLowercased == $1 }) {
                start = target[scheme.utf8.count..<end].firstIndex(of: slash) ?? end
            }
            if start > 0, start == end { return root }
        }
        return UnsafeBufferPointer(rebasing: target[start..<end])
    }

    /// The path that an absolute address without one means.
    private static var root: UnsafeBufferPointer<UInt8> {
        let text: StaticString = "/"
        return UnsafeBufferPointer(start: text.utf8Start, count: 1)
    }

    private static func decoded(_ path: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(path.count)
        var index = 0
        while index < path.count {
            guard path[index] == PercentCoding.percent else {
                result.append(path[index])
                index += 1
                continue
            }
            guard let byte = PercentCoding.octet(in: path, at: index), byte != 0 else { return nil }
            result.append(byte == slash ? innerSlash : byte)
            index += 3
        }
        return result
    }
}
