import Glibc

/// The files of this machine.
struct LocalFileSystem: FileSystem {
    func status(of path: String) throws(FileError) -> FileStatus? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            let error = FileError(operation: "look at", path: path, code: errno)
            guard error.isNotFound else { throw error }
            return nil
        }
        return FileStatus(status)
    }

    func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else { throw failure("list", folder) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw failure("list", folder) }
        return names
    }

    func realPath(of path: String) throws(FileError) -> String {
        guard let resolved = realpath(path, nil) else { throw failure("resolve", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    func makeFolder(_ path: String) throws(FileError) {
        if mkdir(path, 0o777) == 0 { return try syncFolder(FilePath.parent(of: path)) }
        switch errno {
        case EEXIST:
            guard isFolder(path) else { throw FileError(operation: "make the folder", path: path, code: ENOTDIR) }
        case ENOENT where FilePath.parent(of: path) != path:
            try makeFolder(FilePath.parent(of: path))
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
            try syncFolder(FilePath.parent(of: path))
        default: throw failure("make the folder", path)
        }
    }

    func link(_ source: String, to target: String) throws(FileError) {
        guard Glibc.link(source, target) == 0 else { throw failure("link", target) }
    }

    func rename(_ source: String, toNew target: String) throws(FileError) {
        if LinuxCalls.rename(source, target, .noReplace) == 0 { return }
        guard errno == EINVAL || errno == ENOSYS else { throw failure("rename to", target) }
        // Without the flag, a link is the other way to claim a name only if it is free.
        do throws(FileError) {
            try link(source, to: target)
        } catch {
            // File systems that many programs share over a network often have neither; a look has to do there.
            guard error.asksForCopy else { throw error }
            guard try status(of: target) == nil else {
                throw FileError(operation: "rename to", path: target, code: EEXIST)
            }
            return try rename(source, over: target)
        }
        try removeFile(source)
    }

    func exchange(_ first: String, with second: String) throws(FileError) {
        guard LinuxCalls.rename(first, second, .exchange) == 0 else { throw failure("exchange", second) }
    }

    func rename(_ source: String, over target: String) throws(FileError) {
        guard Glibc.rename(source, target) == 0 else { throw failure("rename to", target) }
    }

    func removeFile(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    func removeEmptyFolder(_ path: String) throws(FileError) {
        guard rmdir(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }

    func syncFolder(_ path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        // Some network file systems cannot sync a folder and say so; there is nothing better to do on them.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else { throw failure("sync", path) }
    }

    func freeSpace(at path: String) throws(FileError) -> Int64 {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw failure("measure the free space of", path) }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : Int64(clamping: bytes)
    }

    func checkWritable(_ folder: String) throws(FileError) {
        guard access(folder, W_OK | X_OK) == 0 else { throw failure("write to", folder) }
    }

    func read(_ path: String, from offset: Int64, count: Int) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    descriptor,
                    buffer.baseAddress.map { $0 + filled },
                    count - filled,
                    off_t(offset) + filled
                )
                if got < 0 && errno == EINTR { continue }
                failed = got < 0
                if got <= 0 { break }
                filled += got
            }
        }
        guard !failed else { throw failure("read", path) }
        return bytes
    }

    private func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private func failure(_ operation: String, _ path: String) -> FileError {
        FileError(operation: operation, path: path, code: errno)
    }
}
