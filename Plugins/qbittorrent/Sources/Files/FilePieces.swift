import PluginAPI

/// Where a file lies among the pieces of its torrent.
struct FilePieces: Hashable, Sendable {
    /// Of the file's first byte, counted from the first byte of the first piece.
    let offset: Int64
    let size: Int64
    let pieceSize: Int64

    /// Finds the file at `position` of `files`, which are in the order of the torrent.
    ///
    /// Files follow each other without a gap, except where padding lets each file begin with a piece (v2, hybrid):
    /// qBittorrent does not list the padding, but the file's first and last piece show it.
    ///
    /// - Returns: `nil` when the numbers contradict each other.
    init?(of position: Int, in files: [FileEntry], pieceSize: Int64) {
        guard files.indices.contains(position), pieceSize > 0, files.allSatisfy({ $0.size >= 0 }) else { return nil }
        self.pieceSize = pieceSize
        size = files[position].size
        var sum: Int64 = 0
        for file in files[..<position] {
            let (next, overflows) = sum.addingReportingOverflow(file.size)
            guard !overflows else { return nil }
            sum = next
        }
        guard let range = files[position].pieces, range.count == 2, size > 0 else {
            offset = sum
            return
        }
        guard range[0] >= 0, range[1] >= range[0] else { return nil }
        let (aligned, overflows) = Int64(range[0]).multipliedReportingOverflow(by: pieceSize)
        guard !overflows else { return nil }
        let fitting = [sum, aligned].first { start in
            let (end, overflows) = start.addingReportingOverflow(files[position].size - 1)
            return !overflows && start / pieceSize == range[0] && end / pieceSize == range[1]
        }
        guard let fitting else { return nil }
        offset = fitting
    }

    /// The bytes of the file that stand in verified pieces; runs that touch each other are one.
    ///
    /// - Parameter states: of every piece of the torrent; 2 stands for downloaded and verified.
    func verifiedRanges(_ states: [UInt8]) -> [FileRange] {
        guard size > 0 else { return [] }
        var ranges: [FileRange] = []
        for piece in offset / pieceSize...(offset + size - 1) / pieceSize where piece < states.count {
            guard states[Int(piece)] == Self.verified else { continue }
            let start = max(piece * pieceSize - offset, 0)
            let end = min((piece + 1) * pieceSize - offset, size)
            if let last = ranges.last, last.offset + last.length == start {
                ranges[ranges.count - 1].length = end - last.offset
            } else {
                ranges.append(FileRange(offset: start, length: end - start))
            }
        }
        return ranges
    }

    private static let verified: UInt8 = 2
}
