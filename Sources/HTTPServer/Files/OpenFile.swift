internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// An open file that closes itself; reading it has no shared position.
package final class OpenFile: Sendable {
    /// What the file system says about a file.
    struct Facts {
        let size: UInt64
        let modified: Date
        let etag: String
    }

    /// -1 once it was handed over.
    private let held: Atomic<Int32>

    /// Takes over an open descriptor, which must be a regular file opened for reading.
    package init(descriptor: Int32) {
        held = Atomic(descriptor)
    }

    /// Opens the file at `path` for reading; throws 404 when there is none and 500 when it cannot be read.
    package convenience init(path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw Self.refusal(errno) }
        self.init(descriptor: descriptor)
    }

    deinit {
        let descriptor = held.load(ordering: .relaxed)
        if descriptor >= 0 { close(descriptor) }
    }

    private var descriptor: Int32 { held.load(ordering: .relaxed) }

    /// Asks the file system; throws 404 when this is no regular file.
    func facts() throws -> Facts {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.refusal(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw HTTPError.notFound("There is no such file.") }
        let time = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
        let nanoseconds = UInt64(bitPattern: Int64(status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec))
        let etag = [UInt64(status.st_ino), UInt64(status.st_size), nanoseconds].map { String($0, radix: 36) }
        return Facts(
            size: UInt64(status.st_size),
            modified: Date(timeIntervalSince1970: time),
            etag: "\"" + etag.joined(separator: "-") + "\""
        )
    }

    /// Reads up to `buffer.count` bytes at `offset`; -1 on an error, 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) -> Int {
        pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
    }

    /// A second descriptor of the same file, for a reader that closes its own.
    func duplicate() throws -> Int32 {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw Self.refusal(errno) }
        return copy
    }

    /// Hands the descriptor over to a reader that closes it; this file is of no more use.
    func surrender() -> Int32 {
        held.exchange(-1, ordering: .relaxed)
    }

    private static func refusal(_ code: Int32) -> HTTPError {
        switch code {
        case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, ESTALE: .notFound("There is no such file.")
        case EACCES, EPERM: HTTPError(.forbidden, "The server may not read this file; check its permissions.")
        case EMFILE, ENFILE:
            HTTPError(.serviceUnavailable, "Too many files are open; try again soon.", headers: ["Retry-After": "1"])
        default: HTTPError(.internalServerError, "The file could not be read: \(String(cString: strerror(code))).")
        }
    }
}
