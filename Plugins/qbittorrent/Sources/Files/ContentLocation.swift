/// Where the files of a torrent are at the moment.
enum ContentLocation {
    /// The path of a file on disk.
    ///
    /// - Parameters:
    ///   - contentPath: the file of a torrent of one file; otherwise the root folder, or where there is no root folder
    ///     the folder of the files. It moves from the incomplete folder to the save path.
    ///   - usesSuffix: whether unfinished files have `.!qB` appended.
    static func path(
        of file: FileEntry,
        among files: [FileEntry],
        contentPath: String,
        savePath: String,
        usesSuffix: Bool
    ) -> String {
        let folder = folder(of: files, contentPath: contentPath, savePath: savePath)
        let suffix = usesSuffix && file.progress < 1 && file.size > 0 ? FileEntry.incompleteSuffix : ""
        return join(folder, file.path) + suffix
    }

    /// The folder to which the files' paths are relative.
    private static func folder(of files: [FileEntry], contentPath: String, savePath: String) -> String {
        guard !contentPath.isEmpty else { return savePath }
        let content = contentPath.split(separator: "/", omittingEmptySubsequences: false)
        if files.count == 1 {
            let depth = files[0].path.split(separator: "/").count
            return content.count > depth ? content.dropLast(depth).joined(separator: "/") : savePath
        }
        let root = files.first?.path.split(separator: "/").first
        let isShared = files.allSatisfy { file in
            let parts = file.path.split(separator: "/")
            return parts.count > 1 && parts.first == root
        }
        return isShared && content.last == root ? content.dropLast().joined(separator: "/") : contentPath
    }

    private static func join(_ folder: String, _ path: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }
}
