/// Brings the disk and the journal into agreement after the process ended in the middle of an import.
///
/// An import that the library's tables know only loses what it replaced; any other is undone, and its download is ready
/// to be imported again. Running it again changes nothing.
///
/// The journal may be older than the library: an import that was taken back but could not be forgotten, on a full disk,
/// names files that a later import has put there again. What the library's tables know is therefore never touched.
struct ImportRecovery: Sendable {
    enum Outcome: Hashable, Sendable {
        /// The library is as it was before: the download is ready to be imported again.
        case undone
        /// The import had been recorded and is now finished and forgotten.
        case finished
        /// The disk refused, for example because it is not mounted. The journal keeps the import for the next try.
        case failed(ImportFailure)
    }

    struct Result: Hashable, Sendable {
        let importID: String
        let queueItemID: String
        let outcome: Outcome
    }

    let files: any FileSystem
    let journal: any ImportJournal

    /// Handles every import in the journal; call it before the first import starts.
    ///
    /// - Throws: only what the journal throws.
    func recover() async throws -> [Result] {
        try await recover(try await journal.entries())
    }

    /// Handles the imports of one queue item; call it while none of them runs.
    ///
    /// - Throws: only what the journal throws.
    func recover(_ queueItemID: String) async throws -> [Result] {
        try await recover(try await journal.entries(of: queueItemID))
    }

    private func recover(_ entries: [ImportEntry]) async throws -> [Result] {
        let imports = Dictionary(grouping: entries, by: \.importID)
        var results: [Result] = []
        for (importID, entries) in imports.sorted(by: { $0.key < $1.key }) {
            let outcome = settle(entries, try await journal.recordedFiles(at: entries.map(\.target)))
            switch outcome {
            case .undone, .finished: try await journal.end(importID)
            case .failed: break
            }
            results.append(Result(importID: importID, queueItemID: entries[0].queueItemID, outcome: outcome))
        }
        return results
    }

    private func settle(_ entries: [ImportEntry], _ recorded: [LibraryFile]) -> Outcome {
        let transfer = FileTransfer(files: files)
        do throws(FileError) {
            if let root = try transfer.missingRoot(of: entries) { return .failed(.missingRoot(root)) }
            if entries.allSatisfy(\.isRecorded) {
                for entry in entries { try transfer.finish(entry) }
                return .finished
            }
            var known: Set<Int> = []
            for entry in entries where try isKnown(entry, recorded) { known.insert(entry.index) }
            for entry in entries.reversed() {
                let isKnown = known.contains(entry.index)
                if isKnown { try files.removeFile(entry.temporary) } else { try transfer.undo(entry) }
            }
            return known.count == entries.count ? .finished : .undone
        } catch {
            return .failed(ImportFailure(error))
        }
    }

    /// Whether the library's tables speak of the file that is at the target now.
    ///
    /// Where an import replaces a file of the same name, they have known the old one all along: there the size tells.
    private func isKnown(_ entry: ImportEntry, _ recorded: [LibraryFile]) throws(FileError) -> Bool {
        if recorded.contains(where: { $0.subtitles.contains(entry.target) }) { return true }
        guard let file = recorded.first(where: { $0.path == entry.target }) else { return false }
        guard let occupant = entry.occupant else { return true }
        guard let there = try files.status(of: entry.target) else { return false }
        return !there.isFile(occupant) && there.size == file.size
    }
}
