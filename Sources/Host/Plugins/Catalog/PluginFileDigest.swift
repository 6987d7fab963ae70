import Cryptography
import Glibc
import PluginHosting

/// Reads the bytes of plugin files.
enum PluginFileDigest {
    /// The largest file that is taken for a plugin, in bytes.
    static let largest = 1 << 30

    /// The hash of the file at `path`, and what the system says of just that file.
    ///
    /// - Throws: a refusal when it cannot be read, or is being written.
    static func read(_ path: String) throws(PluginRefusal) -> (sha256: String, status: PluginFileStatus) {
        // A pipe in its place must not hold us up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0, let status = PluginFileStatus(descriptor: descriptor), status.isRegularFile else {
            let cause = descriptor < 0 ? String(cString: strerror(errno)) : "it is no regular file"
            if descriptor >= 0 { close(descriptor) }
            throw PluginRefusal(.failed, .unreadable, "\(path) cannot be read (\(cause)); repair that, then retry.")
        }
        defer { close(descriptor) }
        guard let hash = hash(descriptor) else {
            let reason = "\(path) cannot be read to its end, or has more than \(largest) bytes; put a sound file there."
            throw PluginRefusal(.failed, .unreadable, reason)
        }
        guard PluginFileStatus(descriptor: descriptor)?.isSameContent(as: status) == true else {
            throw isChanging(path)
        }
        return (Hex.encode(hash), status)
    }

    /// The refusal of a file that is not the one that was looked at.
    static func isChanging(_ path: String) -> PluginRefusal {
        let reason = "\(path) was changed while it was looked at; it is looked at again when it rests."
        return PluginRefusal(.failed, .truncated, reason)
    }

    private static func hash(_ descriptor: Int32) -> [UInt8]? {
        withUnsafeTemporaryAllocation(byteCount: 256 << 10, alignment: 16) { buffer in
            var hash = SHA256()
            var total = 0
            while true {
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                if count == 0 { return hash.finalize() }
                total += count
                guard count > 0, total <= largest else { return nil }
                hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
    }
}
