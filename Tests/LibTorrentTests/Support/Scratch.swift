import FoundationEssentials
import Glibc
import PluginAPI

/// A folder of a test's own, removed with it.
final class Scratch: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/kinodock-libtorrent-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil, "no temporary folder")
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var folders: HostFolders { HostFolders(data: path + "/data", downloads: path + "/downloads") }

    /// Writes `bytes` bytes, making folders as needed.
    func fill(_ name: String, bytes: Int) throws {
        let file = "\(path)/\(name)"
        let folder = URL(filePath: file).deletingLastPathComponent().path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(repeating: 7, count: bytes).write(to: URL(filePath: file))
    }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }
}
