/// The layout of a `multipart/byteranges` body (RFC 9110 section 14.6).
struct ByteRangeParts: Equatable {
    /// A stretch of the body.
    enum Piece: Equatable {
        case text([UInt8])
        case file(Range<UInt64>)

        var count: UInt64 {
            switch self {
            case .text(let bytes): UInt64(bytes.count)
            case .file(let range): range.upperBound - range.lowerBound
            }
        }
    }

    let boundary: String
    let pieces: [Piece]

    /// Lays out `ranges` in the order given.
    init(ranges: [Range<UInt64>], size: UInt64, contentType: String, boundary: String) {
        self.boundary = boundary
        pieces =
            ranges.enumerated().flatMap { index, range -> [Piece] in
                let head =
                    (index == 0 ? "" : "\r\n") + "--\(boundary)\r\nContent-Type: \(contentType)\r\n"
                    + "Content-Range: \(Self.contentRange(range, of: size))\r\n\r\n"
                return [.text(Array(head.utf8)), .file(range)]
            } + [.text(Array("\r\n--\(boundary)--\r\n".utf8))]
    }

    /// The length of the whole body.
    var count: UInt64 {
        pieces.reduce(0) { $0 + $1.count }
    }

    /// The value of Content-Range for a part.
    static func contentRange(_ range: Range<UInt64>, of size: UInt64) -> String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
    }

    /// A boundary that no content contains by accident.
    static func newBoundary() -> String {
        let bits = (UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max))
        return String(bits.0, radix: 36) + String(bits.1, radix: 36)
    }
}
