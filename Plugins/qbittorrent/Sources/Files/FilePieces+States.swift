import PluginAPI

extension FilePieces {
    /// qBittorrent does not list padding, but each file's first and last piece show it.
    init?(of position: Int, in files: [FileEntry], pieceSize: Int64) {
        let extents = files.map { file in
            let pieces = file.pieces?.count == 2 ? file.pieces : nil
            return Extent(size: file.size, firstPiece: pieces?.first, lastPiece: pieces?.last)
        }
        self.init(of: position, in: extents, pieceSize: pieceSize)
    }

    /// - Parameter states: of every piece of the torrent; 2 stands for downloaded and verified.
    func verifiedRanges(_ states: [UInt8]) -> [FileRange] {
        verifiedRanges(count: states.count) { states[$0] == 2 }
    }
}
