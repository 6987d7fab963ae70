import CKinodockPlugin
import FoundationEssentials
import Glibc
import PluginAPI

/// Brings a plugin's library into this process, after everything has been checked that can be checked without it.
package enum PluginLoader {
    /// Loads `candidate`.
    ///
    /// Its library stays in the process also when its table is refused.
    ///
    /// - Parameters:
    ///   - expected: the file that was read beforehand; another one is refused. `nil` takes what is there.
    ///   - mark: notes what the plugin's code is doing, for the case that the process does not survive it.
    package static func load(
        _ candidate: PluginCandidate,
        expecting expected: PluginFileStatus? = nil,
        mark: CrashMark = .none
    ) throws(PluginRefusal) -> LoadedPlugin {
        let status = expected ?? PluginFileStatus(candidate.path)
        let preview = try PluginPreview.read(candidate)
        // A scan of unknown files in a child process, and a quarantine for files that ended one, belong here: from the
        // next line on the plugin's code runs with all rights of the server.
        var checked = try mark.load { () throws(PluginRefusal) in
            let table = try open(candidate.path, checked: status, needing: preview.neededLibraries, mark: mark)
            return try TableRules.check(table, of: candidate, preview: preview)
        }
        checked.functions.mark = mark
        if !preview.relocatesCode { CodePages.release(candidate.path) }
        return LoadedPlugin(
            manifest: checked.manifest,
            path: candidate.path,
            minor: checked.minor,
            functions: checked.functions,
            threads: PluginThreads()
        )
    }

    /// The table of the library at `path`.
    ///
    /// The library is never closed: threads and runtimes that it started would go on in memory that is gone.
    private static func open(
        _ path: String,
        checked: PluginFileStatus?,
        needing needed: [String],
        mark: CrashMark
    ) throws(PluginRefusal) -> UnsafePointer<kinodock_plugin>? {
        let library = try OpenedLibraries.shared.open(path, checked: checked, needing: needed)
        mark.covers(codeOf: library.handle)
        guard let symbol = dlsym(library.handle, KINODOCK_PLUGIN_SYMBOL) else {
            let reason =
                "\(path) does not give its entry \(KINODOCK_PLUGIN_SYMBOL); it may be damaged, so build it again."
            throw PluginRefusal(.failed, .noEntry, reason)
        }
        // The contract says that a symbol of this name is a function of this type.
        return unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<kinodock_plugin>?).self)()
    }
}
