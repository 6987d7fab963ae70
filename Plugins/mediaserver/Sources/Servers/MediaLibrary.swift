/// A library of a media server.
struct MediaLibrary: Hashable, Sendable {
    /// The server's own name for it in requests.
    let id: String
    let name: String
    /// As the server sees them.
    let folders: [String]

    /// Whether `path` is one of the folders or lies in one.
    func holds(_ path: String) -> Bool {
        folders.contains { MediaPath($0).holds(MediaPath(path)) }
    }
}
