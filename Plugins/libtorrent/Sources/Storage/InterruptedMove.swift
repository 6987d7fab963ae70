import Glibc

/// A move of a torrent's files that a crash has ended.
///
/// The engine renames file by file on one disk. Between disks it copies all, and then deletes the originals.
struct InterruptedMove {
    enum Outcome: Hashable {
        /// The files are where they were before; the move can begin anew.
        case undone
        /// All files are in the new place; they have to be checked.
        case arrived
    }

    let source: String
    let target: String
    let layout: TorrentLayout

    init(from source: String, to target: String, layout: TorrentLayout) {
        (self.source, self.target, self.layout) = (source, target, layout)
    }

    /// Brings the files to one place.
    func resolve() -> Outcome {
        let gone = layout.files.filter { $0.size > 0 && Self.size(of: "\(source)/\($0.path)") == nil }
        guard !gone.isEmpty else { return .undone }
        let hasArrived = layout.files.allSatisfy { file in
            file.size == 0 || Self.size(of: "\(target)/\(file.path)") == file.size
        }
        if hasArrived { return .arrived }
        for file in gone {
            // What fails is found missing and downloaded again.
            rename("\(target)/\(file.path)", "\(source)/\(file.path)")
        }
        return .undone
    }

    /// `nil` when there is no such file.
    private static func size(of path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }
}
