/// Reads the pieces of a file response where the kernel cannot send them by itself: parts, and encrypted connections.
final class FileReader: ResponseReader {
    private let file: OpenFile
    private let pieces: [(start: UInt64, piece: ByteRangeParts.Piece)]

    init(_ file: OpenFile, _ pieces: [ByteRangeParts.Piece]) {
        self.file = file
        var start: UInt64 = 0
        self.pieces = pieces.map { piece in
            defer { start += piece.count }
            return (start, piece)
        }
    }

    func fill(_ buffer: UnsafeMutableRawBufferPointer, at position: UInt64) -> Int {
        guard let (start, piece) = pieces.last(where: { $0.start <= position }) else { return MHDResponse.failure }
        let offset = position - start
        switch piece {
        case .text(let bytes):
            let rest = bytes[Int(offset)...].prefix(buffer.count)
            buffer.copyBytes(from: rest)
            return rest.isEmpty ? MHDResponse.end : rest.count
        case .file(let range):
            let count = Int(min(UInt64(buffer.count), range.upperBound - range.lowerBound - offset))
            let read = file.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]),
                at: range.lowerBound + offset
            )
            // A file that shrank while it was sent cannot be finished.
            return read > 0 ? read : MHDResponse.failure
        }
    }

    func close() {}
}
