import PluginAPI

/// A path that lies in no library of the media server.
struct LibraryMismatch {
    let path: String
    let libraries: [MediaLibrary]

    var error: PluginError { PluginError(.notFound, message, field: "pathMappings") }

    /// What is wrong and what to do.
    var message: String {
        let folders = libraries.flatMap(\.folders).prefix(10).joined(separator: ", ")
        let has = folders.isEmpty ? "It has no libraries." : "Its libraries are in: \(folders)."
        return
            "No library of the media server holds \(path). \(has) Add the library there, or say in Paths how it sees the folder."
    }
}
