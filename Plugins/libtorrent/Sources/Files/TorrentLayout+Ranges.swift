import PluginAPI

extension TorrentLayout {
    /// The bytes of a file that stand in verified pieces; runs that touch each other are one.
    ///
    /// - Parameter pieces: for each piece 1 when it is verified and on disk.
    func verifiedRanges(of file: File, _ pieces: [UInt8]) -> [FileRange] {
        var ranges: [FileRange] = []
        for piece in self.pieces(of: 0..<file.size, in: file) {
            guard pieces.indices.contains(piece), pieces[piece] == 1 else { continue }
            let start = max(Int64(piece) * pieceSize - file.offset, 0)
            let end = min(Int64(piece + 1) * pieceSize - file.offset, file.size)
            if let last = ranges.last, last.offset + last.length == start {
                ranges[ranges.count - 1].length = end - last.offset
            } else {
                ranges.append(FileRange(offset: start, length: end - start))
            }
        }
        return ranges
    }
}
