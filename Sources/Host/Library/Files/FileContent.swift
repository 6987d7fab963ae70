import Glibc

/// The bytes of files.
enum FileContent {
    /// Whether two files of `size` bytes hold the same.
    ///
    /// Reads both completely when they do, which a cancelled task stops with `ImportFailure.Code.cancelled`.
    static func isEqual(
        _ first: String,
        _ second: String,
        size: Int64,
        on files: any FileSystem
    ) throws(ImportFailure) -> Bool {
        let step = 1 << 20
        do throws(FileError) {
            // Different films differ early; the two ends are read first so that most answers cost two reads.
            let tail = max(0, size - Int64(step))
            guard try files.read(first, from: tail, count: step) == files.read(second, from: tail, count: step) else {
                return false
            }
            for offset in stride(from: Int64(0), to: tail, by: step) {
                if Task.isCancelled { throw FileError(operation: "compare", path: first, code: ECANCELED) }
                let one = try files.read(first, from: offset, count: step)
                let other = try files.read(second, from: offset, count: step)
                guard one == other else { return false }
            }
            return true
        } catch {
            throw ImportFailure(error)
        }
    }
}
