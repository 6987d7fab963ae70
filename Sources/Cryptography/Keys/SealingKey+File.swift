internal import FoundationEssentials
internal import Glibc

extension SealingKey {
    /// Reads the key of a file (64 hexadecimal digits, mode 0600), or makes a new key there.
    ///
    /// A new file appears whole and on the disk or not at all; if two processes start at once, both get the same key.
    package static func load(orCreateAt path: String) throws(CryptographyError) -> SealingKey {
        if let key = try load(path) { return key }
        try create(path)
        guard let key = try load(path) else { throw .keyFileFailed(path: path, reason: "it was removed meanwhile") }
        return key
    }

    /// The key of a file; `nil` if there is none.
    private static func load(_ path: String) throws(CryptographyError) -> SealingKey? {
        // Without waiting: a pipe of that name would otherwise keep the server from starting, without a word.
        let descriptor = Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw .failed(path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .failed(path) }
        try refuseExposed(status, path)
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw .failed(path) }
        // An editor may have added the end of a line.
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        guard let bytes = Hex.decode(text.prefix { !$0.isWhitespace }), bytes.count == AESGCM.keySize,
            text.dropFirst(bytes.count * 2).allSatisfy(\.isWhitespace)
        else { throw .keyFileDamaged(path: path) }
        return SealingKey(bytes: bytes)
    }

    private static func refuseExposed(_ status: stat, _ path: String) throws(CryptographyError) {
        guard status.st_mode & S_IFMT == S_IFREG else { throw .keyFileDamaged(path: path) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .keyFileExposed(path: path, reason: "belongs to another user")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw .keyFileExposed(path: path, reason: "can be read or changed by other users")
        }
    }

    private static func create(_ path: String) throws(CryptographyError) {
        // Written under another name first: a crash half way must not leave a key file without a key.
        let draft = path + ".new-" + Hex.encode(RandomBytes.make(8))
        let descriptor = Glibc.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed(path) }
        defer {
            close(descriptor)
            unlink(draft)
        }
        let text = [UInt8]((Hex.encode(RandomBytes.make(AESGCM.keySize)) + "\n").utf8)
        guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else { throw .failed(path) }
        // Unlike a rename, a link never replaces the key of a process that was faster.
        guard link(draft, path) == 0 || errno == EEXIST else { throw .failed(path) }
        try syncFolder(of: path)
    }

    private static func syncFolder(of path: String) throws(CryptographyError) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = Glibc.open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .failed(path) }
    }
}

extension CryptographyError {
    /// The last failed system call on a key file.
    fileprivate static func failed(_ path: String) -> CryptographyError {
        .keyFileFailed(path: path, reason: String(cString: strerror(errno)))
    }
}
