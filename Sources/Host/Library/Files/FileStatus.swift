import Glibc

/// What identifies a file for as long as it exists, whatever its name.
struct FileIdentity: Hashable, Sendable, Codable {
    let device: UInt64
    let inode: UInt64
}

/// The facts about a file that an import needs.
struct FileStatus: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case file, folder, symbolicLink
        /// A device, a socket or a pipe.
        case other
    }

    let kind: Kind
    let identity: FileIdentity
    /// In bytes.
    let size: Int64
    /// How many names the file has.
    let linkCount: Int
    /// When the content was written last, in nanoseconds since 1970.
    ///
    /// Whoever writes may set it to any time.
    let modified: Int64
    /// When the content or anything else about the file changed last, by the clock of its file system.
    let changed: Int64

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .symbolicLink
            default: .other
            }
        identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
        size = Int64(status.st_size)
        linkCount = Int(status.st_nlink)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
    }

    /// Whether this is still the file that was in this folder before, perhaps before the machine was started anew.
    ///
    /// Many file systems get another device number with each mount, so within a folder only the other half counts.
    func isFile(_ earlier: FileIdentity?) -> Bool { identity.inode == earlier?.inode }

    /// Whether another look at the same file shows that nobody has changed it meanwhile.
    func isUnchanged(since earlier: FileStatus) -> Bool {
        (identity, size, modified, changed) == (earlier.identity, earlier.size, earlier.modified, earlier.changed)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
