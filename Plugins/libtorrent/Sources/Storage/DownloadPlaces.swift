import FoundationEssentials
import Glibc
import PluginAPI

/// The folders of a download.
struct DownloadPlaces: Hashable, Sendable {
    /// Where the content has to be in the end.
    let final: String
    /// Where it is until it is complete; `nil` for `final` from the start.
    let incomplete: String?

    /// - Parameter wish: what the request says; `nil` for what the settings say.
    /// - Throws: `PluginError` with `.invalid` for a path that is not absolute.
    init(_ wish: String?, settings: LibTorrentSettings, folders: HostFolders) throws {
        let configured = settings.savePath.isEmpty ? folders.downloads : settings.savePath
        final = try Self.clean(wish ?? configured, field: wish == nil ? "savePath" : "save_path")
        let waiting =
            settings.incompletePath.isEmpty
            ? nil : try Self.clean(settings.incompletePath, field: "incompletePath")
        incomplete = waiting == final ? nil : waiting
    }

    private static func clean(_ path: String, field: String) throws -> String {
        let parts = path.split(separator: "/")
        guard path.hasPrefix("/"), !parts.isEmpty, !parts.contains(".."), !path.utf8.contains(0) else {
            throw PluginError(
                .invalid,
                "“\(path)” is no folder for downloads: give an absolute path without “..”.",
                field: field
            )
        }
        return "/" + parts.filter { $0 != "." }.joined(separator: "/")
    }

    /// Makes a folder and those above it.
    ///
    /// - Throws: `PluginError` that says what stands in the way.
    static func make(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw PluginError(
                .invalid,
                "The folder \(path) cannot be made. Make it, and let Kinodock's user write into it.",
                field: "savePath"
            )
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw PluginError(
                .invalid,
                "Kinodock's user must not write into \(path). Give it the right, or choose another folder.",
                field: "savePath"
            )
        }
    }
}
