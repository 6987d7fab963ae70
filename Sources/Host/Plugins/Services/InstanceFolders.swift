import FoundationEssentials
import PluginAPI

/// The folders in which instances of plugins keep files, below the server's data folder.
///
/// One is made when a plugin asks for it, so most instances have none.
struct InstanceFolders: Sendable {
    /// Holds a folder for each instance, named by its id.
    let instances: String
    /// What all download clients share.
    let downloads: String

    init(dataDirectory: String) {
        instances = dataDirectory + "/instances"
        downloads = dataDirectory + "/downloads"
    }

    /// Makes the folders of an instance.
    ///
    /// - Throws: `.internal` with the path and the system's reason.
    func make(for id: String) throws(PluginError) -> HostFolders {
        let data = folder(of: id)
        for path in [data, downloads] {
            do {
                // Downloads may be shared with other programs and users; what a plugin keeps is nobody's business.
                try FileManager.default.createDirectory(
                    atPath: path,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: path == data ? 0o700 : 0o755]
                )
            } catch {
                throw PluginError(.internal, "The folder \(path) cannot be made: \(error.words)")
            }
        }
        return HostFolders(data: data, downloads: downloads)
    }

    /// Removes what the plugin has kept for an instance; downloads stay.
    func remove(_ id: String) {
        try? FileManager.default.removeItem(atPath: folder(of: id))
    }

    /// Removes the folders of all instances but `kept`, which were left when the server was killed meanwhile.
    func removeAll(but kept: Set<String>) {
        let found = (try? FileManager.default.contentsOfDirectory(atPath: instances)) ?? []
        found.filter { !kept.contains($0) }.forEach(remove)
    }

    private func folder(of id: String) -> String { instances + "/" + id }
}
