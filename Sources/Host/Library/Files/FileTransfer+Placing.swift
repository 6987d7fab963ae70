import Glibc

extension FileTransfer {
    /// Makes the target from the source of a planned entry.
    ///
    /// Blocks for as long as a copy takes. On an error the disk may hold a part under the temporary name; `undo` clears
    /// it.
    ///
    /// - Parameter progress: gets the bytes copied so far and answers whether to go on.
    /// - Returns: the entry in phase `placed`, with the mode that worked.
    func place(_ entry: ImportEntry, progress: (Int64) -> Bool = { _ in true }) throws(ImportFailure) -> ImportEntry {
        var placed = entry
        placed.phase = .placed
        do throws(FileError) {
            if entry.wasThere {
                let isLink = try files.status(of: entry.target)?.identity == entry.sourceIdentity
                placed.mode = isLink ? .hardlink : .copy
                return placed
            }
            try files.makeFolder(FilePath.parent(of: entry.target))
            placed.mode = try bring(entry, progress)
            try files.syncFolder(FilePath.parent(of: entry.target))
            return placed
        } catch {
            throw ImportFailure(error)
        }
    }

    private func bring(_ entry: ImportEntry, _ progress: (Int64) -> Bool) throws(FileError) -> ImportEntry.Mode {
        let name = entry.occupant == nil ? entry.target : entry.temporary
        try removePart(entry)
        do throws(FileError) {
            try files.link(entry.source, to: name)
        } catch {
            guard error.asksForCopy else { throw error }
            return try bringWithoutLink(entry, progress)
        }
        if name == entry.temporary { try claimTarget(entry) }
        return .hardlink
    }

    /// Moves where that is allowed and possible in one step, else copies.
    private func bringWithoutLink(_ entry: ImportEntry, _ progress: (Int64) -> Bool) throws(FileError)
        -> ImportEntry.Mode
    {
        if entry.mayMoveSource, entry.occupant == nil, try isOnOneDevice(entry) {
            do throws(FileError) {
                try files.rename(entry.source, toNew: entry.target)
                return .move
            } catch {
                guard error.asksForCopy else { throw error }
            }
        }
        try checkSpace(for: entry)
        let before = try files.status(of: entry.source)
        try files.copy(entry.source, to: entry.temporary, progress: progress)
        try checkCopy(entry, before)
        try claimTarget(entry)
        return .copy
    }

    private func isOnOneDevice(_ entry: ImportEntry) throws(FileError) -> Bool {
        try files.status(of: FilePath.parent(of: entry.target))?.identity.device == entry.sourceIdentity.device
    }

    private func checkSpace(for entry: ImportEntry) throws(FileError) {
        let folder = FilePath.parent(of: entry.target)
        guard try files.freeSpace(at: folder) >= entry.size + Self.reserve else {
            throw FileError(operation: "copy \(entry.size) bytes to", path: folder, code: ENOSPC)
        }
    }

    /// The client may still have written: the copy counts only if nobody has changed the source while it was read, and
    /// if both ends of it agree with the plan.
    ///
    /// The bytes are not compared. Read back at once they come from memory, not from the disk; and the copy inside the
    /// kernel, which may even share the blocks, would have to be given up for a sum of what was read.
    private func checkCopy(_ entry: ImportEntry, _ before: FileStatus?) throws(FileError) {
        let copied = try files.status(of: entry.temporary)?.size
        let source = try files.status(of: entry.source)
        guard let before, let source, source.isUnchanged(since: before), copied == entry.size,
            source.size == entry.size, source.identity == entry.sourceIdentity
        else {
            throw FileError(operation: "copy", path: entry.source, code: ESTALE)
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
