/// Removes files of the library from the disk, and nothing that lies elsewhere.
struct LibraryRemoval: Sendable {
    /// The library's folders as they are configured: symbolic links may lead to them.
    let roots: [String]
    let files: any FileSystem
    let logger: Logger

    /// Removes a file, its subtitles, and the folders that are empty then.
    ///
    /// What is gone already is a success. Blocks on the disk. What must not be removed because it is outside the library stays and is logged.
    ///
    /// - Throws: why something could not be removed, for example because its disk is not there.
    func remove(_ file: LibraryFile) throws(FileError) {
        for path in file.subtitles + [file.path] { try remove(path) }
    }

    /// Looks at the real place of the folder, since a link may have taken the place of a folder that was there.
    private func remove(_ path: String) throws(FileError) {
        let roots = realRoots()
        let folder: String
        do throws(FileError) {
            folder = try files.realPath(of: FilePath.parent(of: path))
        } catch {
            guard error.isNotFound, roots.count == self.roots.count else { throw error }
            return  // The disk is there and the folder is not: there is nothing to remove.
        }
        guard let root = roots.first(where: { FilePath.isEqualOrInside(folder, $0) }) else {
            logger.error("\(path) is not deleted: it is not in the library folder.")
            return
        }
        try files.removeFile(FilePath.join(folder, FilePath.name(of: path)))
        removeEmptyFolders(folder, under: root)
    }

    private func realRoots() -> [String] {
        roots.compactMap { root in try? files.realPath(of: root) }
    }

    private func removeEmptyFolders(_ folder: String, under root: String) {
        var folder = folder
        while folder != root, FilePath.isEqualOrInside(folder, root) {
            // One that holds something else stays, and so do those above it.
            do throws(FileError) { try files.removeEmptyFolder(folder) } catch { return }
            folder = FilePath.parent(of: folder)
        }
    }
}
