import PluginAPI

/// One finished download and where it belongs.
struct ImportRequest: Sendable {
    /// The work that the download holds.
    enum Media: Sendable {
        /// - Parameter replaces: the absolute path of the library's file that the new one is better than.
        case movie(MovieFacts, replaces: String?)
        /// - Parameter replaces: the same by the id of an episode.
        /// - Parameter wanted: the ids of the episodes that the download was started for.
        case series(SeriesFacts, replaces: [String: String], wanted: [String])
    }

    /// Unique for each attempt; also part of hidden file names, so letters, digits and dashes.
    var importID: String
    var queueItemID: String
    /// The release's name, for what the file names do not tell.
    var releaseTitle: String
    /// Whether the client proves that everything is there (`TrackedDownload.isComplete`).
    var isComplete: Bool
    /// The file or folder as the client names it.
    var contentPath: String?
    /// The client's folder for downloads, as the client names it.
    var savePath: String?
    /// Whether the source may go once the library has the file, as the client says at that moment.
    var canMoveFiles = false
    /// The client's own list, with paths relative to `savePath`; `nil` when it has none.
    ///
    /// With it, only files that the client wanted and completed are imported.
    var files: [DownloadFile]?
    var mappings = PathMappings([])
    var media: Media
    /// The absolute path of the library's folder for this kind of media.
    var rootFolder: String
    /// All folders of the library; nothing is imported from inside one.
    var libraryFolders: [String] = []

    init(importID: String, queueItemID: String, releaseTitle: String, media: Media, rootFolder: String) {
        self.importID = importID
        self.queueItemID = queueItemID
        self.releaseTitle = releaseTitle
        self.media = media
        self.rootFolder = rootFolder
        self.isComplete = false
    }
}
