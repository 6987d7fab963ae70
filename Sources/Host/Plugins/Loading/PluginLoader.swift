import CKinodockPlugin
import FoundationEssentials
import Glibc
import PluginAPI

/// Brings a plugin's library into this process, after everything has been checked that can be checked without it.
enum PluginLoader {
    /// Loads `candidate`.
    ///
    /// Its library stays in the process also when its table is refused.
    static func load(_ candidate: PluginCandidate) throws(PluginRefusal) -> LoadedPlugin {
        try FileRules.check(candidate)
        let needed = try LibraryRules.check(candidate.path)
        // A scan of unknown files in a child process, and a quarantine for files that ended one, belong here: from the
        // next line on the plugin's code runs with all rights of the server.
        let table = try open(candidate.path, needing: needed)
        let checked = try TableRules.check(table, of: candidate)
        return LoadedPlugin(
            manifest: checked.manifest,
            path: candidate.path,
            minor: checked.minor,
            functions: checked.functions,
            threads: CallThreads()
        )
    }

    /// The table of the library at `path`.
    ///
    /// The library is never closed: threads and runtimes that it started would go on in memory that is gone.
    static func open(
        _ path: String,
        needing needed: [String]
    ) throws(PluginRefusal) -> UnsafePointer<kinodock_plugin>? {
        // A path without a slash would be looked up among the system's libraries.
        let location = path.contains("/") ? path : "./" + path
        guard let library = dlopen(location, RTLD_NOW | RTLD_LOCAL | Int32(RTLD_NODELETE)) else {
            throw refusal(path, needing: needed, dlerror().map { String(cString: $0) } ?? "no reason given")
        }
        guard let symbol = dlsym(library, KINODOCK_PLUGIN_SYMBOL) else {
            let reason =
                "\(path) does not give its entry \(KINODOCK_PLUGIN_SYMBOL); it may be damaged, so build it again."
            throw PluginRefusal(.failed, .noEntry, reason)
        }
        // The contract says that a symbol of this name is a function of this type.
        return unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<kinodock_plugin>?).self)()
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
