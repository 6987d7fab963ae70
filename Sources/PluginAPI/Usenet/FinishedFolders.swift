import Glibc

import class FoundationEssentials.FileManager

/// The folders into which a client puts finished downloads, for clients that have no command to delete those.
///
/// Deletes nothing but what lies inside one of the folders, after following every link, and never such a folder itself.
public struct FinishedFolders: Sendable {
    /// With all links followed, without a slash at the end.
    private let roots: Set<String>

    /// Folders as the client names them; those that cannot be seen from here count for nothing.
    public init(_ paths: [String]) {
        roots = Set(paths.filter { $0.hasPrefix("/") }.compactMap(Self.real))
    }

    /// Deletes what a download that is being removed has left at `path`, and logs what cannot be deleted: the download
    /// itself can be removed all the same.
    ///
    /// - Parameters:
    ///   - isExpected: whether there must be something, so that nothing to be found is worth a line too.
    ///   - client: what the client is called, for words.
    public func deleteIfPossible(_ path: String, isExpected: Bool, client: String, host: any HostServices) {
        guard let location = location(of: path) else {
            if isExpected {
                host.log(.warning, "The files of a removed download were left where \(client) put them.", fields: [:])
            }
            return
        }
        do {
            try delete(location)
        } catch {
            host.log(
                .warning,
                "The finished files of a removed download could not be deleted; delete them by hand.",
                fields: ["path": .string(location)]
            )
        }
    }

    /// The same path with all links of its folder followed, when it names a download's own file or folder.
    ///
    /// - Returns: `nil` when it is outside, is one of the folders or holds one, or cannot be seen from here.
    public func location(of path: String) -> String? {
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        // The link itself is meant, not what it leads to.
        guard path.hasPrefix("/"), !name.isEmpty, name != "..", name != ".", let folder = Self.real(Self.parent(path))
        else { return nil }
        let location = "\(folder)/\(name)"
        return mayDelete(location) && access(location, F_OK) == 0 ? location : nil
    }

    /// Deletes what `location(of:)` has answered, and the folders above it that are empty then.
    ///
    /// - Throws: what the file manager threw; some of it may be deleted then.
    public func delete(_ location: String) throws {
        try FileManager.default.removeItem(atPath: location)
        var folder = Self.parent(location)
        // A folder that is not empty ends it, and so does one of the folders themselves.
        while mayDelete(folder), rmdir(folder) == 0 { folder = Self.parent(folder) }
    }

    private func mayDelete(_ path: String) -> Bool {
        guard !roots.contains(path), !roots.contains(where: { $0.hasPrefix(path + "/") }) else { return false }
        return roots.contains { path.hasPrefix($0 + "/") }
    }

    private static func parent(_ path: String) -> String {
        let trimmed = path.hasSuffix("/") ? path.dropLast() : path[...]
        return trimmed.lastIndex(of: "/").map { String(trimmed[..<$0]) } ?? ""
    }

    private static func real(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        let text = String(cString: found)
        // The root of a file system is nobody's folder for downloads.
        return text == "/" ? nil : text
    }
}
