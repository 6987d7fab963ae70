import Glibc

import class FoundationEssentials.ProcessInfo

/// Where programs are looked for.
struct SearchPath: Sendable {
    /// Folders, separated by colons.
    let text: String

    /// That of this process, and after it the folders into which programs are usually installed: a service often has a
    /// short one.
    static let own = SearchPath(ProcessInfo.processInfo.environment["PATH"] ?? "", home: home)

    /// - Parameters:
    ///   - path: folders, separated by colons; those that are no whole paths are left out.
    ///   - home: the folder of the user.
    init(_ path: String, home: String?) {
        let shared = ["/usr/local/bin", "/usr/bin", "/bin", "/opt/yt-dlp/bin"]
        let usual = home.map { [$0 + "/.local/bin"] + shared } ?? shared
        var folders: [String] = []
        for folder in path.split(separator: ":").map(String.init) + usual
        where folder.hasPrefix("/") && !folders.contains(folder) {
            folders.append(folder)
        }
        text = folders.joined(separator: ":")
    }

    /// As the system's list of users has it: the environment may name another one.
    private static let home: String? = {
        var entry = passwd(), found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        guard getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return entry.pw_dir.map { String(cString: $0) }
    }()

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
