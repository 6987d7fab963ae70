import Glibc
import Synchronization

/// Opens libraries in such a way that a path gives the file that is there now.
///
/// The system's loader answers a path that it was given before with the library of that time, also when another file
/// has taken its place since. A plugin that was refused and then repaired would be refused for ever.
final class OpenedLibraries: Sendable {
    /// One for the process, because the system's loader is one for the process.
    static let shared = OpenedLibraries()

    /// What the system's loader gave for a file.
    struct Library: @unchecked Sendable {
        // Unchecked: the loader's functions take the handle on any thread, and it is never closed.
        let handle: UnsafeMutableRawPointer
        fileprivate let file: PluginFileStatus
    }

    private let opened = Mutex<[String: [Library]]>([:])

    private init() {}

    /// Brings the file at `path` into the process; one that is there already is found again.
    ///
    /// - Parameters:
    ///   - checked: the file as it was before it was checked; another one is refused.
    ///   - needed: the libraries that it needs, to tell which of them is not installed.
    func open(
        _ path: String,
        checked: PluginFileStatus?,
        needing needed: [String]
    ) throws(PluginRefusal) -> Library {
        guard let file = PluginFileStatus(path), checked?.isSameContent(as: file) == true else {
            let reason = "\(path) was changed while it was looked at; it is looked at again when it rests."
            throw PluginRefusal(.failed, .truncated, reason)
        }
        return try opened.withLock { opened throws(PluginRefusal) in
            let known = opened[path] ?? []
            if let same = known.first(where: { $0.file.isSameFile(as: file) }) {
                guard same.file.isSameContent(as: file) else { throw Self.changedInPlace(path) }
                return same
            }
            let library = Library(handle: try Self.load(path, times: known.count, needed), file: file)
            opened[path, default: []].append(library)
            return library
        }
    }

    /// - Parameter times: how often another file of that path was loaded before.
    private static func load(
        _ path: String,
        times: Int,
        _ needed: [String]
    ) throws(PluginRefusal) -> UnsafeMutableRawPointer {
        // A path without a slash would be looked up among the system's libraries.
        let end = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let folder = end == path.startIndex ? "./" : String(path[..<end])
        // Each "./" makes another name of the same path, which the loader has not seen yet.
        let name = folder + String(repeating: "./", count: times) + path[end...]
        guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL | Int32(RTLD_NODELETE)) else {
            throw refusal(path, needing: needed, dlerror().map { String(cString: $0) } ?? "no reason given")
        }
        return handle
    }

    private static func changedInPlace(_ path: String) -> PluginRefusal {
        let reason =
            "\(path) was written over after it had been loaded, so restart the server to use what it holds now. Next "
            + "time copy the file under another name and rename it."
        return PluginRefusal(.failed, .restartNeeded, reason)
    }

    private static func refusal(_ path: String, needing needed: [String], _ error: String) -> PluginRefusal {
        // The loader begins with the name of the library that it did not find.
        if let library = needed.first(where: { error.hasPrefix($0 + ":") }) {
            let reason =
                "\(path) needs the library \(library), which is not installed; install it, then retry. (\(error))"
            return PluginRefusal(.failed, .missingLibrary, reason)
        }
        let reason = "\(path) cannot be loaded: \(error). Get a build of the plugin for this system, then retry."
        return PluginRefusal(.failed, .loadFailed, reason)
    }
}
