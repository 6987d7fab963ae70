import Glibc

import class FoundationEssentials.ProcessInfo

/// Where programs are looked for.
struct SearchPath: Sendable {
    /// Folders, separated by colons.
    let text: String

    /// The one of this process, or that of a usual system where it has none.
    static let own = SearchPath(
        text: ProcessInfo.processInfo.environment["PATH"].flatMap { $0.isEmpty ? nil : $0 }
            ?? "/usr/local/bin:/usr/bin:/bin"
    )

    /// The program of that name that comes first.
    func find(_ name: String) -> String? {
        text.split(separator: ":").lazy.map { "\($0)/\(name)" }.first(where: Self.isProgram)
    }

    /// Whether there is a file that this user may run.
    static func isProgram(_ path: String) -> Bool {
        var status = stat()
        return path.hasPrefix("/") && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && access(path, X_OK) == 0
    }
}
