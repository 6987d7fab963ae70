import Cryptography
import Glibc

extension LocalFileSystem {
    /// Bytes that a copy moves at once: all the memory that it takes.
    private static let copyStep = 1 << 20
    /// Bytes after which a copy waits for the disk, so that neither its end nor a cancellation waits long.
    private static let flushStep: Int64 = 64 << 20
    /// `FICLONE` of linux/fs.h, which Swift cannot import: makes a file share the blocks of another.
    private static let clone: UInt = 0x4004_9409

    func copy(_ source: String, to target: String, progress: (Int64) -> Bool) throws(FileError) -> [UInt8]? {
        let input = try openForReading(source)
        defer { close(input) }
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard output >= 0 else { throw FileError(operation: "create", path: target, code: errno) }
        let digest: [UInt8]?
        do throws(FileError) {
            let isShared = ioctl(output, Self.clone, input) == 0
            digest = isShared ? nil : try copyBytes(from: input, source, to: output, target, progress: progress)
            guard fsync(output) == 0 else { throw FileError(operation: "write", path: target, code: errno) }
        } catch {
            close(output)
            throw error
        }
        // Network file systems report a full disk as late as here.
        guard close(output) == 0 else { throw FileError(operation: "write", path: target, code: errno) }
        return digest
    }

    func storedDigest(of path: String, progress: (Int64) -> Bool) throws(FileError) -> [UInt8] {
        let input = try openForReading(path)
        defer { close(input) }
        // What was just written would be read from memory, and say nothing of the disk.
        posix_fadvise(input, 0, 0, POSIX_FADV_DONTNEED)
        return try digest(of: input, path, progress: progress) { _, _ throws(FileError) in }
    }

    private func openForReading(_ path: String) throws(FileError) -> CInt {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw FileError(operation: "open", path: path, code: errno) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        return descriptor
    }

    private func copyBytes(
        from input: CInt,
        _ source: String,
        to output: CInt,
        _ target: String,
        progress: (Int64) -> Bool
    ) throws(FileError) -> [UInt8] {
        var flushed: Int64 = 0
        return try digest(of: input, source, progress: progress) { bytes, total throws(FileError) in
            try write(bytes, to: output, target)
            guard total - flushed >= Self.flushStep else { return }
            guard fdatasync(output) == 0 else { throw FileError(operation: "write", path: target, code: errno) }
            flushed = total
        }
    }

    /// Reads a file to its end; answers the SHA-256 of what it read.
    ///
    /// - Parameter take: gets each piece, and the bytes read so far including it.
    private func digest(
        of input: CInt,
        _ path: String,
        progress: (Int64) -> Bool,
        _ take: (UnsafeRawBufferPointer, Int64) throws(FileError) -> Void
    ) throws(FileError) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.copyStep, alignment: 4096)
        defer { buffer.deallocate() }
        var hash = SHA256()
        var total: Int64 = 0
        while true {
            let got = Glibc.read(input, buffer.baseAddress, buffer.count)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw FileError(operation: "read", path: path, code: errno) }
            guard got > 0 else { return hash.finalize() }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<got])
            hash.update(bytes)
            total += Int64(got)
            try take(bytes, total)
            guard progress(total) else { throw FileError(operation: "read", path: path, code: ECANCELED) }
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to output: CInt, _ target: String) throws(FileError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(output, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError(operation: "write", path: target, code: errno) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}
