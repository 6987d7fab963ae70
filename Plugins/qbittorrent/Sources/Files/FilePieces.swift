import PluginAPI

/// Where a file lies among the pieces of its torrent.
struct FilePieces: Hashable, Sendable {
    /// Of the file's first byte, counted from the first byte of the first piece.
    let offset: Int64
    let size: Int64
    let pieceSize: Int64

    /// Finds the file at `position` of `files`, which are in the order of the torrent.
    ///
    /// A file begins where the one before it ends, or with the next piece where padding lies between them (v2, hybrid):
    /// qBittorrent does not list the padding, but each file's first and last piece show it.
    ///
    /// - Returns: `nil` when the numbers contradict each other.
    init?(of position: Int, in files: [FileEntry], pieceSize: Int64) {
        guard files.indices.contains(position), (1...Self.largestPiece).contains(pieceSize) else { return nil }
        self.pieceSize = pieceSize
        size = files[position].size
        var start: Int64 = 0
        for file in files[..<position] {
            guard let place = Self.place(of: file, from: start, pieceSize) else { return nil }
            start = place + file.size
        }
        guard let place = Self.place(of: files[position], from: start, pieceSize) else { return nil }
        offset = place
    }

    /// Where a file begins that lies at `start` or, behind padding, at the next piece.
    private static func place(of file: FileEntry, from start: Int64, _ pieceSize: Int64) -> Int64? {
        guard file.size >= 0, file.size < .max - start - 2 * pieceSize else { return nil }
        guard let range = file.pieces, range.count == 2, file.size > 0 else { return start }
        let next = (start + pieceSize - 1) / pieceSize * pieceSize
        return [start, next].first { $0 / pieceSize == range[0] && ($0 + file.size - 1) / pieceSize == range[1] }
    }

    /// The bytes of the file that stand in verified pieces; runs that touch each other are one.
    ///
    /// - Parameter states: of every piece of the torrent; 2 stands for downloaded and verified.
    func verifiedRanges(_ states: [UInt8]) -> [FileRange] {
        guard size > 0 else { return [] }
        var ranges: [FileRange] = []
        let end = min((offset + size - 1) / pieceSize + 1, Int64(states.count))
        for piece in offset / pieceSize..<max(end, offset / pieceSize) where states[Int(piece)] == Self.verified {
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

    private static let verified: UInt8 = 2
    /// In bytes; far above what clients make.
    private static let largestPiece: Int64 = 1 << 40
}
