/// What the plugin needs of a media server.
protocol MediaServer: Sendable {
    /// Asks who is there, without a login.
    ///
    /// - Throws: `PluginError` when nobody is, or another program.
    func version() async throws -> String

    /// The libraries with their folders, which only a right key shows.
    func libraries() async throws -> [MediaLibrary]

    /// Has the changed paths looked at, and nothing else.
    ///
    /// - Parameter changes: with paths as the media server sees them, each in one of `libraries`.
    func refresh(_ changes: [Change], in libraries: [MediaLibrary]) async throws
}

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
