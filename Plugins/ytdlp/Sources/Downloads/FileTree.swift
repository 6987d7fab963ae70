import Glibc

/// The files below a folder.
enum FileTree {
    /// How deep folders are followed; no output template makes more.
    private static let depth = 20

    /// The names in a folder, without `.` and `..`, sorted; none when there is no such folder.
    static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The regular files below `folder`, with paths relative to it.
    ///
    /// Links are passed over: they may lead anywhere.
    static func files(below folder: String) -> [Download.File] { files(folder, "", depth) }

    private static func files(_ folder: String, _ prefix: String, _ depth: Int) -> [Download.File] {
        names(in: folder).flatMap { name -> [Download.File] in
            var status = stat()
            guard lstat(folder + "/" + name, &status) == 0 else { return [] }
            switch status.st_mode & S_IFMT {
            case S_IFREG: return [Download.File(path: prefix + name, size: Int64(status.st_size))]
            case S_IFDIR where depth > 0: return files(folder + "/" + name, prefix + name + "/", depth - 1)
            default: return []
            }
        }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Removes a folder with everything in it; one that is not there is fine.
    static func remove(_ folder: String) { remove(folder, depth + 2) }

    private static func remove(_ path: String, _ depth: Int) {
        var status = stat()
        guard depth > 0, lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            unlink(path)
            return
        }
        for name in names(in: path) { remove(path + "/" + name, depth - 1) }
        rmdir(path)
    }

    /// Removes the folders from `path` upwards that are empty, up to `root`, which stays.
    static func removeEmpty(from path: String, to root: String) {
        var path = path
        while path.count > root.count, path.hasPrefix(root + "/"), rmdir(path) == 0 {
            path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        }
    }
}
