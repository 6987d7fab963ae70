import FoundationEssentials

extension DataFolder {
    /// The library's folders that have been there at some start, as JSON.
    ///
    /// The list is kept in the data folder: a mark on the library's own disk could not be read when it is needed.
    private var seenFoldersPath: String { configuration.dataDirectory + "/library-folders.json" }

    /// Makes the library's folders on the first start with them.
    ///
    /// A folder that has been there before and is missing now is most likely on a disk that is not mounted. Made anew, it
    /// would let imports fill the disk of the mount point, so it is only warned of; until it is back, imports into it
    /// fail with words. Inside the data folder there is no other disk: there it is made at every start.
    ///
    /// - Throws: `CommandFailure` when a folder cannot be made on the first start with it.
    func prepareLibrary(logger: Logger) throws {
        let folders = [configuration.moviesRoot, configuration.seriesRoot]
        // A list that cannot be read says nothing, so nothing is made.
        let seen = seenFolders() ?? Set(folders)
        for folder in folders where !isFolder(folder) {
            if seen.contains(folder), !isOnOwnDisk(folder) {
                logger.warning(
                    """
                    The library folder \(folder) was there before and is missing now. Nothing can be imported into it \
                    until it is back: mount its disk, or make the folder if it was removed on purpose.
                    """
                )
            } else {
                try make(folder)
            }
        }
        try remember(seen.union(folders), seen)
    }

    /// Whether the folder lies in the data folder, with no link on the way that leads elsewhere.
    private func isOnOwnDisk(_ folder: String) -> Bool {
        let data = configuration.dataDirectory
        guard FilePath.isEqualOrInside(folder, data) else { return false }
        let inside = FilePath.components(folder).dropFirst(FilePath.components(data).count).joined(separator: "/")
        return (try? SafePath(inside).resolve(inside: data, on: LocalFileSystem())) != nil
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    private func make(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("The library folder \(folder) cannot be made: \(error.words)")
        }
    }

    /// The folders of earlier starts; `nil` when the list is there and cannot be read.
    private func seenFolders() -> Set<String>? {
        guard FileManager.default.fileExists(atPath: seenFoldersPath) else { return [] }
        guard let data = try? Data(contentsOf: URL(filePath: seenFoldersPath)) else { return nil }
        return try? JSONDecoder().decode(Set<String>.self, from: data)
    }

    private func remember(_ folders: Set<String>, _ seen: Set<String>) throws {
        guard folders != seen || !FileManager.default.fileExists(atPath: seenFoldersPath) else { return }
        do {
            try JSONEncoder().encode(folders.sorted()).write(to: URL(filePath: seenFoldersPath), options: .atomic)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: seenFoldersPath)
        } catch {
            throw CommandFailure("\(seenFoldersPath) cannot be written: \(error.words)")
        }
    }
}
