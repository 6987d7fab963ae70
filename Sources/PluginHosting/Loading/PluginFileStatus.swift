import Glibc

/// What the system knows of a file.
package struct PluginFileStatus: Hashable, Sendable {
    private let device: UInt
    /// Its number on its device.
    let inode: UInt
    private let size: Int
    private let changedSeconds: Int
    private let changedNanoseconds: Int
    /// Type and rights, as `stat` has them.
    package let mode: UInt32
    /// The number of the user that it belongs to.
    package let owner: UInt32

    /// The status of what `path` leads to; `nil` when there is nothing.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The status of `path` itself, also when it is a link to nothing.
    package init?(linkOrFile path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The status of an open file; `nil` when the descriptor is not open.
    package init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Reads what `text` gives; `nil` for anything else.
    package init?(text: String) {
        let numbers = text.split(separator: ":").compactMap { Int($0) }
        guard numbers.count == 7, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        (device, inode, size) = (UInt(numbers[0]), UInt(numbers[1]), numbers[2])
        (changedSeconds, changedNanoseconds) = (numbers[3], numbers[4])
        (mode, owner) = (UInt32(clamping: numbers[5]), UInt32(clamping: numbers[6]))
    }

    /// All of it as a word, for another process.
    package var text: String {
        "\(device):\(inode):\(size):\(changedSeconds):\(changedNanoseconds):\(mode):\(owner)"
    }

    private init(_ status: stat) {
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        changedSeconds = Int(status.st_mtim.tv_sec)
        changedNanoseconds = Int(status.st_mtim.tv_nsec)
        mode = UInt32(status.st_mode)
        owner = UInt32(status.st_uid)
    }

    /// Whether it is a file with content, no folder, pipe or device.
    package var isRegularFile: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFREG) }
    /// Whether it is a folder.
    package var isFolder: Bool { mode & UInt32(S_IFMT) == UInt32(S_IFDIR) }
    /// Whether every user can change it; of a folder with the sticky bit, such as `/tmp`, only what is their own.
    package var isWorldWritable: Bool { mode & UInt32(S_IWOTH) != 0 && !(isFolder && mode & UInt32(S_ISVTX) != 0) }

    /// Whether both are the same file, whatever it holds.
    package func isSameFile(as other: PluginFileStatus) -> Bool { device == other.device && inode == other.inode }

    /// Whether both are the same file with the same content, as far as the system can tell.
    package func isSameContent(as other: PluginFileStatus) -> Bool {
        isSameFile(as: other) && size == other.size
            && changedSeconds == other.changedSeconds && changedNanoseconds == other.changedNanoseconds
    }
}

/// Reading of folders.
package enum Folder {
    /// The names in the folder at `path`, without hidden ones; none when it cannot be read.
    package static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    /// The path without links; `nil` when it leads nowhere.
    package static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
