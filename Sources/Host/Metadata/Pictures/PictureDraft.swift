import FoundationEssentials
import Glibc

/// A picture while it arrives; it is gone when it was given no place.
final class PictureDraft {
    let path: String
    private let descriptor: Int32

    init(path: String) throws {
        self.path = path
        descriptor = Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    func write(_ data: Data) throws {
        try data.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard count > 0 || errno == EINTR else { throw Self.failure(path) }
                rest = rest.dropFirst(max(count, 0))
            }
        }
    }

    /// Waits until the disk has all of it.
    func finish() throws {
        guard fsync(descriptor) == 0 else { throw Self.failure(path) }
    }

    /// Why the file at `path` cannot be written, as the system says it now.
    static func failure(_ path: String) -> PictureFailure {
        .notKept("\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
}
