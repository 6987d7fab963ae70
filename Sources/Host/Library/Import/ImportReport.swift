/// What an import has put into the library.
struct ImportReport: Hashable, Sendable {
    /// How the bytes came.
    enum Mode: Hashable, Sendable {
        case hardlink, copy, move
    }

    struct File: Hashable, Sendable {
        /// The absolute path in the library.
        let path: String
        /// In bytes.
        let size: Int64
        /// The name as the API spells it, for example "Bluray-1080p".
        let quality: ReleaseQuality
        let release: ReleaseName
        /// Whether the file shares its bytes with the download, has its own, or was taken from it.
        let mode: Mode
        /// The absolute path in the download.
        let source: String
        /// The ids of the episodes that the file holds; empty for a movie.
        let episodeIDs: [String]
        /// Absolute paths in the library.
        let subtitles: [String]
        /// The file that this one replaces; it goes when the import is finished.
        let replaced: String?
    }

    let importID: String
    var files: [File]
    /// What was not imported, with the reason in words.
    var skipped: [String]
}
