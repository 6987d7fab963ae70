import FoundationEssentials
import Glibc
import PluginAPI

/// The files of a download on this machine.
struct DownloadedContent: Sendable {
    /// The file or folder that people know it by.
    let path: String
    /// Whether aria2 has written anything.
    let holdsBytes: Bool
    private let folder: String
    private let files: [String]
    private let controlFiles: [String]

    /// - Throws: `PluginError` with `.forbidden` when a path leads out of the download's folder.
    init(_ entry: Entry) throws {
        let folder = entry.folder.hasSuffix("/") ? entry.folder : entry.folder + "/"
        // The metadata of a magnet has no file.
        let files = entry.isMetadata ? [] : entry.files.map(\.path).filter { $0.hasPrefix("/") }
        let path = entry.contentPath ?? files.first ?? entry.folder
        (self.folder, self.files, self.path) = (folder, files, path)
        holdsBytes = !files.isEmpty && entry.completed > 0
        // Its record of what is missing, and the metadata that it keeps of a magnet.
        controlFiles =
            (files.isEmpty ? [] : [path + ".aria2"]) + (entry.infoHash.map { [folder + $0 + ".torrent"] } ?? [])
        for file in files + controlFiles {
            guard folder.hasPrefix("/"), folder != "/", file.hasPrefix(folder),
                !file.split(separator: "/").contains("..")
            else {
                throw PluginError(.forbidden, "aria2 names the file \(file), which is outside of its folder \(folder).")
            }
        }
    }

    /// Whether one of the files can be seen here.
    var isVisible: Bool {
        files.contains { Self.isRegularFile($0) }
    }

    /// Deletes the files, and the folders that are empty then.
    ///
    /// - Throws: `PluginError` with `.forbidden` and the path when the system does not allow it.
    func delete() throws {
        for file in files + controlFiles where Self.isRegularFile(file) {
            guard unlink(file) == 0 || errno == ENOENT else {
                throw PluginError(
                    .forbidden,
                    "The file \(file) cannot be deleted: \(String(cString: strerror(errno)))."
                )
            }
        }
        for file in files { deleteEmptyFolders(above: file) }
    }

    /// From the innermost one up to, and without, the download's folder.
    private func deleteEmptyFolders(above file: String) {
        var parts = file.dropFirst(folder.count).split(separator: "/").dropLast()
        while !parts.isEmpty {
            // It refuses a folder that holds anything.
            guard rmdir(folder + parts.joined(separator: "/")) == 0 || errno == ENOENT else { return }
            parts = parts.dropLast()
        }
    }

    private static func isRegularFile(_ path: String) -> Bool {
        var status = stat()
        // Links are not followed: what they lead to is not the download.
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
