import Glibc

extension FileTransfer {
    /// The library folder of one of the entries if it is not there, most likely because its disk is not mounted.
    ///
    /// Without it nothing can be said about the files of an import: check it before they are finished or undone.
    func missingRoot(of entries: [ImportEntry]) throws(FileError) -> String? {
        for root in Set(entries.map(\.root)).sorted() where try files.status(of: root)?.kind != .folder { return root }
        return nil
    }

    /// Removes what a recorded file makes superfluous: the file it replaced, and the source if it may move.
    ///
    /// Harmless to repeat. Does nothing while the target is not complete.
    func finish(_ entry: ImportEntry) throws(FileError) {
        guard let target = try files.status(of: entry.target), target.size == entry.size else { return }
        // The replaced file, or a second name of the target where a rename had to be made of two steps.
        try files.removeFile(entry.temporary)
        if let obsolete = entry.obsolete {
            try remove(obsolete, if: entry.obsoleteIdentity, keeping: target.identity, entry.target)
        }
        if entry.mayMoveSource, !FilePath.components(entry.source).elementsEqual(FilePath.components(entry.target)) {
            try removeSource(entry, keeping: target)
        }
        try files.syncFolder(FilePath.parent(of: entry.target))
    }

    /// Puts the library back as it was before the import of this file.
    ///
    /// Harmless to repeat.
    func undo(_ entry: ImportEntry) throws(FileError) {
        guard !entry.wasThere else { return }
        let part = try files.status(of: entry.temporary)
        if let part, part.isFile(entry.occupant) {
            // After the exchange the old file waits under the temporary name.
            try files.rename(entry.temporary, over: entry.target)
        } else if part != nil {
            try files.removeFile(entry.temporary)
        }
        if entry.occupant == nil { try takeBack(entry) }
        try removeNewFolders(entry)
        if try files.status(of: FilePath.parent(of: entry.target)) != nil {
            try files.syncFolder(FilePath.parent(of: entry.target))
        }
    }

    /// Removes only the hidden copy of an import that lost its name to somebody else.
    func discardPart(of entry: ImportEntry) throws(FileError) {
        guard let part = try files.status(of: entry.temporary), part.identity != entry.occupant else { return }
        try files.removeFile(entry.temporary)
    }

    /// Removes a target that was new; one that was moved goes back to its source.
    ///
    /// Targets get their name only when they are complete. One whose source is gone, or has become another file, may be
    /// the only complete copy: it stays.
    private func takeBack(_ entry: ImportEntry) throws(FileError) {
        guard let target = try files.status(of: entry.target), target.kind == .file, target.size == entry.size else {
            return
        }
        if let source = try files.status(of: entry.source) {
            guard source.isFile(entry.sourceIdentity), source.size == entry.size else { return }
            try files.removeFile(entry.target)
        } else if entry.mayMoveSource, target.isFile(entry.sourceIdentity) {
            try files.makeFolder(FilePath.parent(of: entry.source))
            try files.rename(entry.target, toNew: entry.source)
            try files.syncFolder(FilePath.parent(of: entry.source))
        }
    }

    /// Removes the folders that the import has made, as far as they are empty.
    private func removeNewFolders(_ entry: ImportEntry) throws(FileError) {
        guard let topmost = entry.newFolder else { return }
        var folder = FilePath.parent(of: entry.target)
        while FilePath.isEqualOrInside(folder, topmost) {
            do throws(FileError) {
                try files.removeEmptyFolder(folder)
            } catch {
                guard error.code == ENOTEMPTY || error.code == EEXIST else { throw error }
                return
            }
            folder = FilePath.parent(of: folder)
        }
    }

    private func removeSource(_ entry: ImportEntry, keeping target: FileStatus) throws(FileError) {
        guard let source = try files.status(of: entry.source) else { return }
        // A source that has changed since is not the file that was imported.
        guard source.isFile(entry.sourceIdentity), source.size == entry.size else { return }
        // One name of one file, seen through two mounts.
        guard source.identity != target.identity || source.linkCount > 1 else { return }
        try files.removeFile(entry.source)
    }

    private func remove(
        _ path: String,
        if identity: FileIdentity?,
        keeping target: FileIdentity,
        _ targetPath: String
    ) throws(FileError) {
        guard path != targetPath, let there = try files.status(of: path), there.isFile(identity) else { return }
        // Two names of one file: removing the older name is safe, the bytes stay.
        guard there.identity != target || there.linkCount > 1 else { return }
        try files.removeFile(path)
    }
}
