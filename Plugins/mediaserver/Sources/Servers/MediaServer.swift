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
