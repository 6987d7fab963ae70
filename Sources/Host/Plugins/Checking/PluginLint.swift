import FoundationEssentials
import PluginAPI
import PluginHosting

/// Looks at a plugin's file the way the server does, and at its manifest more strictly: for authors.
///
/// It runs the library's code, as loading does.
enum PluginLint {
    /// Something that was found.
    struct Finding: Hashable, Sendable {
        enum Weight: String, Sendable {
            /// The server would not load the plugin, or it could not work.
            case error
            case warning
        }

        let weight: Weight
        /// A stable name.
        let code: String
        let message: String
    }

    /// The plugin's manifest, when it could be read, and what was found, errors first.
    struct Report: Sendable {
        var manifest: PluginManifest?
        var findings: [Finding]

        var isUsable: Bool { !findings.contains { $0.weight == .error } }
    }

    /// Checks the file at `path`.
    ///
    /// The name of its folder is not compared with the id unless the file is called `plugin.so`.
    static func run(_ path: String) -> Report {
        let candidate = candidate(for: path)
        guard PluginFileStatus(path) != nil else {
            return Report(findings: [error("not_a_file", "There is no file \(path).")])
        }
        do {
            let manifest = try PluginLoader.load(candidate).manifest
            return Report(manifest: manifest, findings: SchemaLint.findings(in: manifest))
        } catch  where error.code == .otherFolder {
            // Before it is installed, a plugin may be built in a folder of any name.
            let found = Finding(weight: .warning, code: error.code.rawValue, message: error.reason)
            return withoutFolder(path, found)
        } catch {
            return Report(findings: [Finding(weight: .error, code: error.code.rawValue, message: error.reason)])
        }
    }

    private static func withoutFolder(_ path: String, _ finding: Finding) -> Report {
        guard let manifest = try? PluginLoader.load(anywhere(path)).manifest else { return Report(findings: [finding]) }
        return Report(manifest: manifest, findings: SchemaLint.findings(in: manifest) + [finding])
    }

    /// The file at `path` as a plugin that need not stand in a folder of its name.
    static func anywhere(_ path: String) -> PluginCandidate {
        let folder = String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex))
        return PluginCandidate(id: "", path: path, folder: folder.isEmpty ? "." : folder, hasOwnFolder: false)
    }

    private static func candidate(for path: String) -> PluginCandidate {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : "."
        let isInstalled = parts.last == "plugin.so" && parts.count > 2
        let name = isInstalled ? parts[parts.count - 2] : parts.last ?? ""
        return PluginCandidate(id: String(name), path: path, folder: folder, hasOwnFolder: isInstalled)
    }

    static func error(_ code: String, _ message: String) -> Finding {
        Finding(weight: .error, code: code, message: message)
    }

    static func warning(_ code: String, _ message: String) -> Finding {
        Finding(weight: .warning, code: code, message: message)
    }
}
