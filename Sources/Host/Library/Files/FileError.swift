import Glibc

/// A file operation that the operating system refused.
struct FileError: Error, Hashable, CustomStringConvertible {
    /// What was tried, as a verb: "open", "link", "rename".
    let operation: String
    let path: String
    /// The system's error number.
    let code: CInt

    /// The operation, the path and the system's own words.
    var description: String { "cannot \(operation) \(path): \(reason)" }

    /// The system's words for `code`, for example "Permission denied".
    var reason: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Whether there is nothing at the path.
    var isNotFound: Bool { code == ENOENT || code == ENOTDIR }

    /// Whether the file system cannot do this between these two places, while a copy may still work.
    ///
    /// Equal device numbers do not prove that a hard link is possible (bind mounts, union file systems, btrfs
    /// subvolumes), so the only test is to try and to look at the answer.
    var asksForCopy: Bool { [EXDEV, EPERM, EMLINK, ENOTSUP, EOPNOTSUPP, ENOSYS, EINVAL].contains(code) }
}
