import Glibc
import PluginAPI

import struct FoundationEssentials.Data

/// Files of the instance's own, for this user alone.
enum PrivateFile {
    /// Puts `data` in the place of the file at `path`: afterwards there is the old content or the new one.
    static func write(_ data: Data, to path: String) throws {
        let draft = path + ".new"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(path) }
        var isWritten = true
        var rest = data[...]
        while !rest.isEmpty, isWritten {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            isWritten = count > 0
            rest = rest.dropFirst(max(0, count))
        }
        isWritten = isWritten && fsync(file) == 0
        let code = errno
        close(file)
        guard isWritten, rename(draft, path) == 0 else {
            let words = isWritten ? failure(path) : failure(path, code)
            unlink(draft)
            throw words
        }
    }

    /// The content; `nil` when it cannot be read.
    static func read(_ path: String) -> Data? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return data }
            data += buffer.prefix(count)
        }
    }

    static func remove(_ path: String) { unlink(path) }

    /// Makes the folder and those above it, for this user alone.
    static func makeFolder(_ path: String, mode: mode_t = 0o700) throws {
        if mkdir(path, mode) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let end = path.lastIndex(of: "/"), end > path.startIndex else { throw failure(path) }
        try makeFolder(String(path[..<end]), mode: mode)
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure(path) }
    }

    /// What the system says about `path`, in words for the user.
    static func failure(_ path: String, _ code: Int32 = errno) -> PluginError {
        let advice =
            switch code {
            case ENOSPC, EDQUOT: "Make room on the disk."
            case EACCES, EPERM, EROFS: "Give the server's user the right to write there, or choose another folder."
            default: "Look at the disk, or choose another folder."
            }
        return PluginError(.remoteFailure, "\(path) cannot be written: \(SystemFailure(code: code).words). \(advice)")
    }
}
