import CLibTorrent

/// The files and pieces of a torrent.
struct TorrentLayout: Sendable {
    /// A file of the content.
    struct File: Hashable, Sendable {
        /// The engine's number, with padding counted.
        let index: Int
        /// Relative to the folder that the torrent lies in; the engine has made it safe.
        let path: String
        let size: Int64
        /// Of its first byte in the content, padding included.
        let offset: Int64
    }

    /// Without padding.
    let files: [File]
    /// Files with padding.
    let slots: Int
    let pieceCount: Int
    /// In bytes; the last piece may be shorter.
    let pieceSize: Int64

    /// Reads and frees `handle`.
    init?(consuming handle: OpaquePointer?) {
        guard let handle else { return nil }
        defer { kdt_layout_free(handle) }
        slots = Int(kdt_layout_file_count(handle))
        pieceCount = Int(kdt_layout_piece_count(handle))
        pieceSize = kdt_layout_piece_size(handle)
        guard pieceSize > 0 else { return nil }
        files = (0..<Int32(slots)).compactMap { index in
            var file = kdt_file()
            guard kdt_layout_file(handle, index, &file), !file.is_padding, let path = file.path else { return nil }
            return File(index: Int(index), path: String(cString: path), size: file.size, offset: file.offset)
        }
    }

    /// A layout as a test makes it.
    init(files: [File], slots: Int, pieceCount: Int, pieceSize: Int64) {
        (self.files, self.slots, self.pieceCount, self.pieceSize) = (files, slots, pieceCount, pieceSize)
    }

    /// The file or folder that holds everything, relative to the folder that the torrent lies in.
    var root: String? {
        files.first.flatMap { $0.path.split(separator: "/").first }.map(String.init)
    }

    func file(_ index: Int) -> File? { files.first { $0.index == index } }

    /// The pieces that hold bytes of `range`; empty when it has none.
    func pieces(of range: Range<Int64>, in file: File) -> Range<Int> {
        let range = range.clamped(to: 0..<file.size)
        guard !range.isEmpty else { return 0..<0 }
        let first = Int((file.offset + range.lowerBound) / pieceSize)
        let last = Int((file.offset + range.upperBound - 1) / pieceSize)
        return first..<min(last + 1, max(pieceCount, first))
    }
}
