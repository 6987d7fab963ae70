import Glibc

extension FileTransfer {
    /// Gets what is done with the bytes of a file and how many of them are through; answers whether to go on.
    typealias Progress = (TransferStep, Int64) -> Bool

    /// Makes the target from the source of a planned entry.
    ///
    /// Blocks for as long as a copy takes. On an error the disk may hold a part under the temporary name; `undo` clears
    /// it.
    ///
    /// - Parameter rest: bytes that the import will bring after this file: a copy begins only if there is room for all.
    /// - Returns: the way that worked.
    func place(
        _ entry: ImportEntry,
        before rest: Int64 = 0,
        progress: Progress = { _, _ in true }
    ) throws(ImportFailure) -> ImportReport.Mode {
        do throws(FileError) {
            if entry.wasThere {
                return try files.status(of: entry.target)?.identity == entry.sourceIdentity ? .hardlink : .copy
            }
            try files.makeFolder(FilePath.parent(of: entry.target))
            let mode = try bring(entry, rest, progress)
            try files.syncFolder(FilePath.parent(of: entry.target))
            return mode
        } catch {
            throw ImportFailure(error)
        }
    }

    private func bring(_ entry: ImportEntry, _ rest: Int64, _ progress: Progress) throws(FileError)
        -> ImportReport.Mode
    {
        let name = entry.occupant == nil ? entry.target : entry.temporary
        try removePart(entry)
        do throws(FileError) {
            try files.link(entry.source, to: name)
        } catch {
            guard error.asksForCopy else { throw error }
            if try move(entry) { return .move }
            try checkSpace(for: entry.size + rest, in: FilePath.parent(of: entry.target))
            try copy(entry, progress)
            try claimTarget(entry)
            return .copy
        }
        if name == entry.temporary { try claimTarget(entry) }
        return .hardlink
    }

    /// Renames the source where that is allowed and possible in one step; answers whether it did.
    private func move(_ entry: ImportEntry) throws(FileError) -> Bool {
        let folder = FilePath.parent(of: entry.target)
        guard entry.mayMoveSource, entry.occupant == nil,
            try files.status(of: folder)?.identity.device == entry.sourceIdentity.device
        else { return false }
        do throws(FileError) {
            try files.rename(entry.source, toNew: entry.target)
            return true
        } catch {
            guard error.asksForCopy else { throw error }
            return false
        }
    }

    private func checkSpace(for bytes: Int64, in folder: String) throws(FileError) {
        guard try files.freeSpace(at: folder) >= bytes + Self.reserve else {
            throw FileError(operation: "copy \(bytes) bytes to", path: folder, code: ENOSPC)
        }
    }

    /// Fills the temporary name with the bytes of the source and makes sure that the disk has the same.
    ///
    /// The client may still have written: the copy counts only if nobody has changed the source while it was read.
    private func copy(_ entry: ImportEntry, _ progress: Progress) throws(FileError) {
        let before = try files.status(of: entry.source)
        let digest = try files.copy(entry.source, to: entry.temporary) { progress(.copying, $0) }
        let after = try files.status(of: entry.source)
        guard let before, let after, after.isUnchanged(since: before), after.identity == entry.sourceIdentity,
            after.size == entry.size, try files.status(of: entry.temporary)?.size == entry.size
        else {
            throw FileError(operation: "copy", path: entry.source, code: ESTALE)
        }
        guard let digest else { return }
        guard try files.storedDigest(of: entry.temporary, progress: { progress(.comparing, $0) }) == digest else {
            throw FileError(operation: "read the same bytes back from", path: entry.temporary, code: EBADMSG)
        }
    }

    /// Gives the complete file at the temporary name its own name.
    private func claimTarget(_ entry: ImportEntry) throws(FileError) {
        guard let occupant = entry.occupant else {
            return try files.rename(entry.temporary, toNew: entry.target)
        }
        guard try files.status(of: entry.target)?.identity == occupant else {
            throw FileError(operation: "replace", path: entry.target, code: EEXIST)
        }
        do throws(FileError) {
            try files.exchange(entry.temporary, with: entry.target)
        } catch {
            guard error.asksForCopy else { throw error }
            // The new file is complete, so the old one can go now where the two cannot be swapped.
            try files.rename(entry.temporary, over: entry.target)
        }
    }

    private func removePart(_ entry: ImportEntry) throws(FileError) {
        guard let there = try files.status(of: entry.temporary) else { return }
        guard there.identity != entry.occupant else {
            throw FileError(operation: "replace", path: entry.temporary, code: EEXIST)
        }
        try files.removeFile(entry.temporary)
    }
}
