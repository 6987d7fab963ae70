import Glibc

@testable import Host

/// A folder of a test; it goes with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init(in parent: String = "/tmp") throws {
        var template = Array((parent + "/kinodock-test-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError(operation: "make", path: parent, code: errno) }
        path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A folder where waiting for the disk takes no time, if there is such a place.
    static func quick() throws -> TemporaryFolder {
        try (try? TemporaryFolder(in: "/dev/shm")) ?? TemporaryFolder()
    }

    deinit { Self.removeAll(path) }

    /// Writes a file and the folders above it; answers its path.
    @discardableResult
    func write(_ name: String, _ content: [UInt8]) throws -> String {
        let file = path + "/" + name
        try LocalFileSystem().makeFolder(FilePath.parent(of: file))
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw FileError(operation: "write", path: file, code: errno) }
        defer { close(descriptor) }
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw FileError(operation: "write", path: file, code: errno) }
            written += count
        }
        return file
    }

    @discardableResult
    func write(_ name: String, size: Int, seed: UInt8 = 1) throws -> String {
        try write(name, Self.bytes(size, seed: seed))
    }

    func makeFolder(_ name: String) throws -> String {
        try LocalFileSystem().makeFolder(path + "/" + name)
        return path + "/" + name
    }

    /// All files below, relative, sorted, hidden ones too.
    func tree(_ name: String = "") -> [String] {
        Self.tree(name.isEmpty ? path : path + "/" + name, "").sorted()
    }

    static func bytes(_ count: Int, seed: UInt8) -> [UInt8] {
        var value = UInt32(seed) &* 2_654_435_761
        return (0..<count).map { _ in
            value = value &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: value >> 24)
        }
    }

    static func content(_ path: String) -> [UInt8]? {
        try? LocalFileSystem().read(path, from: 0, count: 1 << 22)
    }

    private static func tree(_ folder: String, _ relative: String) -> [String] {
        let files = LocalFileSystem()
        return ((try? files.names(in: folder)) ?? []).flatMap { name -> [String] in
            let inside = relative.isEmpty ? name : relative + "/" + name
            let kind = try? files.status(of: folder + "/" + name)?.kind
            return kind == .folder ? tree(folder + "/" + name, inside) : [inside]
        }
    }

    static func removeAll(_ folder: String) {
        let files = LocalFileSystem()
        for name in (try? files.names(in: folder)) ?? [] {
            let path = folder + "/" + name
            let kind = try? files.status(of: path)?.kind
            if kind == .folder { removeAll(path) } else { _ = unlink(path) }
        }
        _ = rmdir(folder)
    }
}
