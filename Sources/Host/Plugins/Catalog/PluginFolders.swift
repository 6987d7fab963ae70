import PluginHosting

/// The folders in which plugins are looked for.
struct PluginFolders: Sendable {
    /// The most plugins that are taken from one folder.
    static let limit = 1000

    let paths: [String]

    init(_ paths: [String]) {
        self.paths = paths
    }

    /// `<folder>/<id>/plugin.so` and `<folder>/<name>.so` of all folders, by id, then in the order of the folders.
    func candidates() -> [PluginCandidate] {
        let all = paths.enumerated().flatMap { position, folder in
            Self.candidates(in: folder).map { (position, $0) }
        }
        return all.sorted { ($0.1.id, $0.0, $0.1.path) < ($1.1.id, $1.0, $1.1.path) }.map(\.1)
    }

    private static func candidates(in folder: String) -> [PluginCandidate] {
        Folder.names(in: folder).sorted().prefix(limit).compactMap { name in
            let path = "\(folder)/\(name)"
            let library = path + "/plugin.so"
            if PluginFileStatus(linkOrFile: library) != nil {
                return PluginCandidate(id: name, path: library, folder: path, hasOwnFolder: true)
            }
            guard name.hasSuffix(".so"), name.count > 3 else { return nil }
            return PluginCandidate(id: String(name.dropLast(3)), path: path, folder: folder, hasOwnFolder: false)
        }
    }
}
