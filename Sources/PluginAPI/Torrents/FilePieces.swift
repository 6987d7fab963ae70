/// Where a file lies among the pieces of its torrent.
public struct FilePieces: Hashable, Sendable {
    /// A file as a client lists it, in the order of the torrent.
    public struct Extent: Hashable, Sendable {
        /// In bytes.
        public var size: Int64
        /// The piece in which the file begins, where the client tells.
        public var firstPiece: Int?
        /// The piece in which the file ends, where the client tells.
        public var lastPiece: Int?

        /// A file whose place follows from those before it, unless its pieces show padding.
        public init(size: Int64, firstPiece: Int? = nil, lastPiece: Int? = nil) {
            self.size = size
            self.firstPiece = firstPiece
            self.lastPiece = lastPiece
        }
    }

    /// Of the file's first byte, counted from the first byte of the first piece.
    public let offset: Int64
    /// Of the file, in bytes.
    public let size: Int64
    /// Of every piece but the last, in bytes.
    public let pieceSize: Int64

    /// Finds the file at `position` of `files`, which are in the order of the torrent.
    ///
    /// A file begins where the one before it ends, or with the next piece where padding lies between them (v2, hybrid):
    /// some clients do not list the padding, but each file's first and last piece show it.
    ///
    /// - Returns: `nil` when the numbers contradict each other.
    public init?(of position: Int, in files: [Extent], pieceSize: Int64) {
        guard files.indices.contains(position), (1...Self.largestPiece).contains(pieceSize) else { return nil }
        var start: Int64 = 0
        for file in files[..<position] {
            guard let place = Self.place(of: file, from: start, pieceSize) else { return nil }
            start = place + file.size
        }
        guard let place = Self.place(of: files[position], from: start, pieceSize) else { return nil }
        self.init(offset: place, size: files[position].size, pieceSize: pieceSize)
    }

    /// A file whose place the client tells.
    ///
    /// - Returns: `nil` when the numbers make no sense.
    public init?(offset: Int64, size: Int64, pieceSize: Int64) {
        guard (1...Self.largestPiece).contains(pieceSize), offset >= 0, size >= 0,
            size < .max - offset - 2 * pieceSize
        else { return nil }
        self.offset = offset
        self.size = size
        self.pieceSize = pieceSize
    }

    /// Where a file begins that lies at `start` or, behind padding, at the next piece.
    private static func place(of file: Extent, from start: Int64, _ pieceSize: Int64) -> Int64? {
        guard file.size >= 0, file.size < .max - start - 2 * pieceSize else { return nil }
        guard file.firstPiece != nil || file.lastPiece != nil, file.size > 0 else { return start }
        let next = (start + pieceSize - 1) / pieceSize * pieceSize
        return [start, next].first { place in
            let first = place / pieceSize
            let last = (place + file.size - 1) / pieceSize
            return (file.firstPiece ?? Int(first)) == first && (file.lastPiece ?? Int(last)) == last
        }
    }

    /// The bytes of the file that stand in verified pieces; runs that touch each other are one.
    ///
    /// - Parameters:
    ///   - count: of all pieces of the torrent.
    ///   - isVerified: asked for the pieces of the file, ascending, all of them below `count`.
    public func verifiedRanges(count: Int, isVerified: (Int) -> Bool) -> [FileRange] {
        guard size > 0 else { return [] }
        var ranges: [FileRange] = []
        let end = min((offset + size - 1) / pieceSize + 1, Int64(count))
        for piece in offset / pieceSize..<max(end, offset / pieceSize) where isVerified(Int(piece)) {
            let start = max(piece * pieceSize - offset, 0)
            let stop = min((piece + 1) * pieceSize - offset, size)
            if let last = ranges.last, last.offset + last.length == start {
                ranges[ranges.count - 1].length = stop - last.offset
            } else {
                ranges.append(FileRange(offset: start, length: stop - start))
            }
        }
        return ranges
    }

    /// The same for a bit field as BitTorrent sends it: the highest bit of the first byte is the first piece.
    ///
    /// Pieces behind the end of `bits` count as missing.
    public func verifiedRanges(bits: [UInt8]) -> [FileRange] {
        verifiedRanges(count: bits.count * 8) { bits[$0 / 8] & (0x80 >> UInt8($0 % 8)) != 0 }
    }

    /// In bytes; far above what clients make.
    private static let largestPiece: Int64 = 1 << 40
}
