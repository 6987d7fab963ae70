import Glibc

/// Brings finished downloads into the library.
///
/// An import is all or nothing. Its order, which a kill may interrupt anywhere (see `ImportRecovery`):
/// 1. `place` writes the journal and puts all files into the library;
/// 2. the host stores them in its tables and marks the journal recorded, in one transaction;
/// 3. `finish` removes what was replaced and, where the client allows it, the sources.
///
/// All of it blocks on the disk: run it with a `BlockingExecutor`.
struct Importer: Sendable {
    /// Gets what is done, how many of the import's bytes are through, and how many it has; answers whether to go on.
    typealias Progress = @Sendable (_ step: TransferStep, _ done: Int64, _ total: Int64) -> Bool

    let files: any FileSystem
    let journal: any ImportJournal
    let naming: Naming
    /// How long a video is, in seconds; `nil` when it cannot be measured.
    var duration: @Sendable (VideoFile) -> Double? = { _ in nil }

    /// Puts the files of a download into the library, or none of them.
    ///
    /// Repeating an import whose files are there already is a success. What earlier imports of the same queue item have
    /// left in the journal is settled first; while that cannot be done, nothing is imported.
    func place(
        _ request: ImportRequest,
        progress: @escaping Progress = { _, _, _ in true }
    ) async throws(ImportFailure) -> ImportReport {
        try Self.checkCancellation()
        try await settle(request.queueItemID)
        let root = try checkRoot(request.rootFolder)
        let content = try ImportSource(files: files).content(of: request)
        let plan = try ImportPlan(content, request, naming, duration: duration)
        var draft = ImportDraft(request, root: root, FileTransfer(files: files))
        for item in plan.items {
            try Self.checkCancellation()
            try draft.add(item)
        }
        try Self.checkCancellation()
        try await write { try await journal.begin(draft.entries) }
        return draft.report(try await place(draft.entries, progress), skipped: plan.skipped)
    }

    /// Ends an import that the host has recorded: old files and moved sources go, and the journal forgets it.
    func finish(_ importID: String) async throws(ImportFailure) {
        let entries = try await entries(of: importID)
        try checkRoots(of: entries)
        do throws(FileError) {
            for entry in entries where entry.isRecorded { try FileTransfer(files: files).finish(entry) }
        } catch {
            throw ImportFailure(error)
        }
        guard entries.allSatisfy(\.isRecorded) else { return }
        try await write { try await journal.end(importID) }
    }

    /// Takes an import back that the host could not record.
    func undo(_ importID: String) async throws(ImportFailure) {
        try await takeBack(try await entries(of: importID), importID)
    }

    /// All three steps.
    ///
    /// - Parameter record: stores the files and calls `journal.markRecorded`, in one transaction. If it throws, the
    ///   import is undone.
    /// - Throws: the reason; `ImportFailure.Code.cancelled` when the task was cancelled or `record` throws a
    ///   `CancellationError`.
    func run(
        _ request: ImportRequest,
        progress: @escaping Progress = { _, _, _ in true },
        record: (ImportReport) async throws -> Void
    ) async throws(ImportFailure) -> ImportReport {
        let report = try await place(request, progress: progress)
        do {
            try await record(report)
        } catch {
            let failure = Self.failure(error) {
                "The library could not store the imported files: \($0). The import is tried again by itself."
            }
            throw await Self.ending(failure) { () throws(ImportFailure) in try await undo(request.importID) }
        }
        try await finish(request.importID)
        return report
    }

    /// Takes back or finishes the earlier imports of a queue item that were cut off.
    private func settle(_ queueItemID: String) async throws(ImportFailure) {
        let recovery = ImportRecovery(files: files, journal: journal)
        for result in try await write({ try await recovery.recover(queueItemID) }) {
            switch result.outcome {
            case .undone, .finished: continue
            case .failed(let failure):
                let words = "An earlier import of this download cannot be taken back yet: \(failure.message)"
                throw ImportFailure(failure.code, words, isRetryable: true)
            }
        }
    }

    private func place(_ entries: [ImportEntry], _ progress: Progress) async throws(ImportFailure)
        -> [ImportReport.Mode]
    {
        let total = entries.reduce(0) { $0 + $1.size }
        var done: Int64 = 0
        var modes: [ImportReport.Mode] = []
        do throws(ImportFailure) {
            for entry in entries {
                try Self.checkCancellation()
                // A disk that went away since the plan must not be replaced by folders on another.
                try checkRoots(of: [entry])
                let mode = try FileTransfer(files: files).place(entry, before: total - done - entry.size) {
                    progress($0, done + $1, total) && !Task.isCancelled
                }
                modes.append(mode)
                done += entry.size
            }
        } catch {
            // The entries behind the one that failed have not been touched; neither has a file of somebody else's that
            // took the name in the meantime.
            let failed = entries[modes.count]
            throw await Self.ending(error) { () throws(ImportFailure) in
                let isTaken = error.code == .targetExists
                if isTaken { try discardPart(of: failed) }
                try await takeBack(Array(entries.prefix(modes.count + (isTaken ? 0 : 1))), failed.importID)
            }
        }
        return modes
    }

    private func takeBack(_ entries: [ImportEntry], _ importID: String) async throws(ImportFailure) {
        try checkRoots(of: entries)
        do throws(FileError) {
            for entry in entries.reversed() where !entry.isRecorded {
                try FileTransfer(files: files).undo(entry)
            }
        } catch {
            throw ImportFailure(error)
        }
        try await write { try await journal.end(importID) }
    }

    private func checkRoots(of entries: [ImportEntry]) throws(ImportFailure) {
        let missing: String?
        do { missing = try FileTransfer(files: files).missingRoot(of: entries) } catch { throw ImportFailure(error) }
        if let missing { throw .missingRoot(missing) }
    }

    private func discardPart(of entry: ImportEntry) throws(ImportFailure) {
        do { try FileTransfer(files: files).discardPart(of: entry) } catch { throw ImportFailure(error) }
    }

    private func entries(of importID: String) async throws(ImportFailure) -> [ImportEntry] {
        try await write { try await journal.entries().filter { $0.importID == importID } }
    }

    private func write<Value>(_ body: () async throws -> Value) async throws(ImportFailure) -> Value {
        do {
            return try await body()
        } catch {
            throw Self.failure(error) { "The import journal failed: \($0)." }
        }
    }

    /// The real path of a root folder that is there and can be written.
    ///
    /// It is never made: a missing one is most likely a disk that is not mounted.
    private func checkRoot(_ folder: String) throws(ImportFailure) -> String {
        do throws(FileError) {
            let root = try files.realPath(of: folder)
            guard try files.status(of: root)?.kind == .folder else {
                throw FileError(operation: "open", path: folder, code: ENOTDIR)
            }
            try files.checkWritable(root)
            return root
        } catch {
            throw error.isNotFound ? .missingRoot(folder, error) : .unwritableRoot(folder, error)
        }
    }
}
