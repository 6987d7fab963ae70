import Glibc
import PluginAPI

import class FoundationEssentials.JSONDecoder
import class FoundationEssentials.JSONEncoder

/// The folder in which an instance remembers its downloads; one process uses it at a time.
struct Workplace: Sendable {
    /// The instance's own folder.
    let data: String
    /// Open while this is in use.
    private let lock: Int32

    /// Takes the folder for this instance.
    ///
    /// - Returns: `nil` while another one has it.
    init?(_ data: String) throws {
        self.data = data
        try PrivateFile.makeFolder(data + "/downloads")
        try PrivateFile.makeFolder(data + "/cookies")
        let path = data + "/lock"
        lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw PrivateFile.failure(path) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            return nil
        }
    }

    /// Lets another instance have the folder.
    func leave() { close(lock) }

    /// A name for this instance among others that share a download folder.
    var name: String { data.split(separator: "/").last.map(String.init) ?? "instance" }

    var archive: String { data + "/archive.txt" }
    var cache: String { data + "/cache" }

    func cookies(of id: String) -> CookiesFile { CookiesFile(path: data + "/cookies/\(id).txt") }

    /// Where a download is put together, on the disk that it is for.
    func work(_ download: Download) -> String { download.root + "/.unfinished/\(name)-\(download.id)" }

    func save(_ download: Download) throws {
        try PrivateFile.write(JSONEncoder().encode(download), to: record(download.id))
    }

    func forget(_ id: String) {
        PrivateFile.remove(record(id))
        cookies(of: id).remove()
    }

    /// Everything that was remembered, in the order in which it was added, and the files that could not be read.
    func load() -> (downloads: [Download], damaged: [String]) {
        var downloads: [Download] = []
        var damaged: [String] = []
        for name in FileTree.names(in: data + "/downloads") where name.hasSuffix(".json") {
            let data = PrivateFile.read(data + "/downloads/" + name)
            if let download = data.flatMap({ try? JSONDecoder().decode(Download.self, from: $0) }) {
                downloads.append(download)
            } else {
                damaged.append(name)
            }
        }
        return (downloads.sorted { ($0.added, $0.id) < ($1.added, $1.id) }, damaged)
    }

    /// Removes cookies that no download in `ids` needs.
    func removeCookies(but ids: Set<String>) {
        for name in FileTree.names(in: data + "/cookies") where !ids.contains(String(name.prefix { $0 != "." })) {
            PrivateFile.remove(data + "/cookies/" + name)
        }
    }

    private func record(_ id: String) -> String { data + "/downloads/\(id).json" }
}
