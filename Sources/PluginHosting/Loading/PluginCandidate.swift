/// A file that may be a plugin.
package struct PluginCandidate: Hashable, Sendable {
    /// The name of its folder, or of the file without `.so`; known before anything is read.
    package let id: String
    /// The file itself.
    package let path: String
    /// The folder that neither the file nor anything it links to may leave.
    package let folder: String
    /// Whether the file has a folder of its own, whose name must be the plugin's id.
    package let hasOwnFolder: Bool

    /// A file at `path` inside of `folder`.
    package init(id: String, path: String, folder: String, hasOwnFolder: Bool) {
        self.id = id
        self.path = path
        self.folder = folder
        self.hasOwnFolder = hasOwnFolder
    }
}
