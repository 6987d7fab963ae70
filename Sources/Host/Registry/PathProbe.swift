import Cryptography
import Glibc
import PluginAPI

/// Looks whether a client's folder can be read here, written, and linked into the library.
///
/// It makes a hidden file of no bytes and removes it at once: permissions and file systems often promise what they do
/// not keep. All of that waits for the disk, on a network mount that is gone for ever.
struct PathProbe: Sendable {
    let savePath: String
    let mappings: [PathMapping]
    let library: String
    /// Whether it is the folder of a category, which clients make with the first download in it.
    var isOfCategory = false

    struct Findings: Sendable {
        var localPath: String
        var isVisible = false
        var isWritable = false
        var canHardlink = false
        var checks: [ConnectionReport.Check] = []
        var warnings: [ConnectionReport.Warning] = []
    }

    func run() -> Findings {
        let mapped = PathMappings(mappings).resolve(savePath)
        var findings = Findings(localPath: mapped.local)
        var folder = mapped.local
        let message: String
        if let reason = Self.reasonAgainst(mapped.local) {
            guard isOfCategory, Self.isMissing(mapped.local), let parent = Self.parent(of: mapped.local),
                Self.reasonAgainst(parent) == nil
            else { return invisible(mapped, reason) }
            folder = parent
            message = "\(mapped.local) is not there yet; \(parent) is visible. The client makes it when it needs it."
        } else {
            message = "\(mapped.local) is visible."
        }
        findings.isVisible = true
        findings.checks.append(.init("path", ok: true, message: message))
        probeWriting(&findings, in: folder)
        return findings
    }

    private static func isMissing(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) != 0 && errno == ENOENT
    }

    /// The folder around a folder; `nil` where that is the root, which says nothing about what is in it.
    private static func parent(of path: String) -> String? {
        var path = path[...]
        while path.last == "/" { path.removeLast() }
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return nil }
        return String(path[..<slash])
    }

    /// What to say when `run` does not end.
    var unanswered: Findings {
        invisible(PathMappings(mappings).resolve(savePath), "it does not answer, as a network mount does that is gone")
    }

    private func invisible(_ mapped: MappedPath, _ reason: String) -> Findings {
        var findings = Findings(localPath: mapped.local)
        findings.checks.append(.init("path", ok: false, field: "pathMappings", message: Self.words(mapped, reason)))
        findings.warnings.append(.init("path_not_visible", Self.words(mapped, reason), field: "pathMappings"))
        return findings
    }

    /// Why the folder at `path` cannot be read, or `nil`.
    private static func reasonAgainst(_ path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return String(cString: strerror(errno)) }
        guard status.st_mode & S_IFMT == S_IFDIR else { return "it is not a folder" }
        guard access(path, R_OK | X_OK) == 0 else { return String(cString: strerror(errno)) }
        return nil
    }

    private func probeWriting(_ findings: inout Findings, in folder: String) {
        let name = ".kinodock-probe-" + RandomBytes.token(bytes: 6)
        let file = folder + "/" + name
        let descriptor = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            findings.warnings.append(
                .init(
                    "path_not_writable",
                    "\(folder) cannot be written (\(reason)). Imports can copy from it, "
                        + "but whether they could hardlink cannot be tested."
                )
            )
            return
        }
        close(descriptor)
        defer { unlink(file) }
        findings.isWritable = true
        // Of another name: the client may save into the library itself.
        let link = library + "/" + name + "-link"
        if Glibc.link(file, link) == 0 {
            unlink(link)
            findings.canHardlink = true
            return
        }
        let reason = errno == EXDEV ? "they are on different file systems" : String(cString: strerror(errno))
        findings.warnings.append(
            .init(
                "no_hardlink",
                "Files cannot be hardlinked from \(folder) into \(library): \(reason). "
                    + "Imports copy instead, which takes time and the space twice while the download is kept."
            )
        )
    }

    private static func words(_ mapped: MappedPath, _ reason: String) -> String {
        if mapped.isMapped {
            return
                "The client saves to \(mapped.remote), which is mapped to \(mapped.local), but that cannot be read here "
                + "(\(reason)). Correct the path mapping."
        }
        return
            "The client saves to \(mapped.remote), which cannot be read here (\(reason)). If this machine sees the folder "
            + "under another path, add a path mapping from \(mapped.remote) to it."
    }
}
