import FoundationEssentials
import Glibc

/// Where the pieces of an ELF file come from.
///
/// They are read, never mapped: a file that somebody cuts off while it is mapped ends the process.
struct ELFSource {
    /// The largest piece in bytes; tables of real libraries are far smaller.
    static let largestPiece: UInt64 = 64 << 20

    let size: UInt64
    private let read: (_ offset: Int, _ count: Int) -> Data?

    /// A file in memory.
    init(_ bytes: Data) {
        size = UInt64(bytes.count)
        read = { offset, count in Data(bytes.dropFirst(offset).prefix(count)) }
    }

    /// An open file, which must stay open while pieces are read; `nil` when it is no regular file.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        size = UInt64(max(0, status.st_size))
        read = { Self.read(descriptor, $0, $1) }
    }

    /// The bytes from `offset` on, all `count` of them; `nil` when the file has not that many, or they are too many.
    func piece(at offset: UInt64, count: UInt64) -> ELFReader? {
        guard offset <= size, count <= min(size - offset, Self.largestPiece) else { return nil }
        guard let bytes = read(Int(offset), Int(count)), bytes.count == Int(count) else { return nil }
        return ELFReader(bytes: bytes)
    }

    private static func read(_ descriptor: Int32, _ offset: Int, _ count: Int) -> Data? {
        var bytes = Data(count: count)
        let isWhole = bytes.withUnsafeMutableBytes { buffer in
            var done = 0
            while done < count {
                let step = pread(descriptor, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { return false }
                done += step
            }
            return true
        }
        return isWhole ? bytes : nil
    }
}
