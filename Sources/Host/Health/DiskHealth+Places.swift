import Glibc

extension DiskHealth.Place {
    /// With less than this much room on its disk a place counts as full.
    static let leastFreeBytes = 512 << 20

    /// The database: writes to it, for a disk that is full or broken shows only then.
    static func database(_ store: Store, in folder: String) -> Self {
        Self(name: "data") {
            var finding = DiskHealth.Finding(freeBytes: freeBytes(folder))
            // To take nothing out of a series is the smallest change there is.
            if (try? store.reserve(0, of: "health")) == nil {
                finding.problem = .init(
                    .databaseNotWritable,
                    "The database cannot be written. Look at the disk with the data folder."
                )
            } else {
                finding.problem = tightness("data", finding.freeBytes)
            }
            return finding
        }
    }

    /// A folder that must be there and be writable.
    static func folder(_ name: String, at path: String) -> Self {
        Self(name: name) {
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
                return .init(problem: .init(.folderMissing, "The folder \(name) of the library is not there."))
            }
            let free = freeBytes(path)
            guard access(path, R_OK | W_OK | X_OK) == 0 else {
                return .init(
                    problem: .init(.folderNotWritable, "The folder \(name) of the library cannot be written."),
                    freeBytes: free
                )
            }
            return .init(problem: tightness(name, free), freeBytes: free)
        }
    }

    private static func tightness(_ name: String, _ freeBytes: Int?) -> DiskHealth.Trouble? {
        guard let freeBytes, freeBytes < leastFreeBytes else { return nil }
        return .init(.nearlyFull, "The disk of \(name) has only \(freeBytes >> 20) MiB left.")
    }

    /// Room for users who are not root.
    private static func freeBytes(_ path: String) -> Int? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int(clamping: status.f_bavail.multipliedReportingOverflow(by: status.f_frsize).partialValue)
    }
}
