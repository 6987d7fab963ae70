import Glibc

/// What was recorded of a broadcast until the server ended.
enum RecordedPart {
    private static let mostParts = 1000

    /// Gives the unfinished recordings in `work` names of their own, for a new recording begins anew under the old name.
    static func keep(in work: String) {
        for file in FileTree.files(below: work) where file.path.hasSuffix(".part") && file.size > 0 {
            let path = work + "/" + file.path.dropLast(".part".count)
            let dot = path.lastIndex(of: ".") ?? path.endIndex
            // Broadcasts are recorded as MPEG-TS, which is whole wherever it ends.
            let free = (1...mostParts).lazy.map { "\(path[..<dot]) part \($0).ts" }.first { !FileTree.exists($0) }
            if let free { rename(work + "/" + file.path, free) }
        }
    }
}
