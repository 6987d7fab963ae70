/// Brings one file from a download into the library so that the library never shows a part of it.
///
/// A hard link is tried first, since it costs nothing and the download goes on seeding. Only where the file system
/// refuses one is the file copied, under a hidden name in the target's own folder, and renamed once the disk has all of
/// it. A file that stands at the target is never overwritten unless it is the one that the import replaces, and even
/// then it is kept under the hidden name until `finish`.
///
/// The caller writes the journal: the entry that `plan` answers before `place`, the one that `place` answers after.
struct FileTransfer: Sendable {
    /// What to bring where.
    struct Order: Hashable, Sendable {
        var importID: String
        var index: Int
        var queueItemID: String
        var source: String
        var target: String
        /// The real path of the library folder in which the target lies.
        var root: String
        /// The library's older file that this one is better than; it may have the target's name.
        var replaces: String?
        /// Whether the download no longer needs the source.
        var mayMoveSource = false
    }

    /// Bytes that a copy leaves free on the target's file system.
    static let reserve: Int64 = 64 << 20

    let files: any FileSystem

    /// Looks at the source and the target without changing anything.
    func plan(_ order: Order) throws(ImportFailure) -> ImportEntry {
        let source = try sourceStatus(order.source)
        let occupant = try look(order.target)
        let old = try order.replaces.flatMap { path throws(ImportFailure) in try look(path) }
        let wasThere =
            try occupant.map { there throws(ImportFailure) in
                try isSame(order.source, source, order.target, there)
            } ?? false
        if let occupant, !wasThere, occupant.kind != .file || occupant.identity != old?.identity {
            throw ImportFailure(
                .targetExists,
                "\(order.target) exists and is another file. Remove or rename it, then retry.",
                isRetryable: false
            )
        }
        let hasOtherName = order.replaces != order.target && old?.identity != occupant?.identity
        let isObsolete = hasOtherName && old?.kind == .file
        return ImportEntry(
            importID: order.importID,
            index: order.index,
            queueItemID: order.queueItemID,
            source: order.source,
            sourceIdentity: source.identity,
            size: source.size,
            target: order.target,
            root: order.root,
            temporary: FileName.partial(of: order.target, id: Self.label(order)),
            newFolder: try topmostNewFolder(for: order.target),
            wasThere: wasThere,
            occupant: wasThere ? nil : occupant?.identity,
            obsolete: isObsolete ? order.replaces : nil,
            obsoleteIdentity: isObsolete ? old?.identity : nil,
            mayMoveSource: order.mayMoveSource
        )
    }

    /// Whether two files have the same bytes, or are the same file.
    private func isSame(
        _ source: String,
        _ sourceStatus: FileStatus,
        _ target: String,
        _ targetStatus: FileStatus
    ) throws(ImportFailure) -> Bool {
        guard targetStatus.kind == .file, targetStatus.size == sourceStatus.size else { return false }
        if targetStatus.identity == sourceStatus.identity { return true }
        return try FileContent.isEqual(source, target, size: sourceStatus.size, on: files)
    }

    private func topmostNewFolder(for target: String) throws(ImportFailure) -> String? {
        var missing: String?
        var folder = FilePath.parent(of: target)
        while folder != "/", try look(folder) == nil {
            missing = folder
            folder = FilePath.parent(of: folder)
        }
        return missing
    }

    private func sourceStatus(_ path: String) throws(ImportFailure) -> FileStatus {
        guard let status = try look(path) else {
            throw ImportFailure(.sourceMissing, "\(path) is gone. Check the download in its client.", isRetryable: true)
        }
        guard status.kind == .file else {
            throw ImportFailure(.pathRefused, "\(path) is not an ordinary file.", isRetryable: false)
        }
        return status
    }

    private func look(_ path: String) throws(ImportFailure) -> FileStatus? {
        do { return try files.status(of: path) } catch { throw ImportFailure(error) }
    }

    /// A text for file names that is unique to the file of the import.
    private static func label(_ order: Order) -> String {
        let letters = order.importID.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return letters.suffix(40) + "-\(order.index)"
    }
}
