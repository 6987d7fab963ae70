/// Bytes that tests serve.
enum Samples {
    /// The text "kinodock", 1000 times, as gzip: 8000 bytes.
    static let gzip: [UInt8] = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed, 0xc5, 0xb1, 0x0d, 0x00, 0x30,
        0x08, 0x03, 0xb0, 0x63, 0xcb, 0x52, 0x45, 0x82, 0xff, 0x37, 0x0e, 0xc1, 0x5e, 0x9c, 0xdf, 0x53,
        0xf3, 0x12, 0xdb, 0xb6, 0x6d, 0xdb, 0xb6, 0x6d, 0xdb, 0xb6, 0x6d, 0xdb, 0xb6, 0x0f, 0xbf, 0x45,
        0xcc, 0x20, 0x68, 0x40, 0x1f, 0x00, 0x00,
    ]

    /// A response that tests report by its length alone.
    struct Answer: ExpressibleByStringLiteral, Sendable, CustomStringConvertible {
        let text: String

        init(stringLiteral text: String) { self.text = text }

        var description: String { "\(text.utf8.count) bytes" }
    }

    /// A field twice as long as libcurl takes.
    static let longField = Answer(
        stringLiteral: "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 200_000) + "\r\n\r\n"
    )

    /// Fields that are short, but more than fit into the limit.
    static let manyFields = Answer(
        stringLiteral: "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Header: 0123456789\r\n", count: 13_000) + "\r\n"
    )
}
