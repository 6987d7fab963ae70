/// What lies at the path of a finished download.
struct DownloadContent: Hashable, Sendable {
    /// Largest first.
    var videos: [VideoFile] = []
    var subtitles: [SubtitleFile] = []
    /// Relative paths, as the others.
    var archives: [String] = []
    /// Files that are not all there: named so by a client, or videos without a single byte.
    var partialFiles: [String] = []
    /// Names that are no valid UTF-8, with the faulty bytes replaced: such a file cannot be opened.
    var unreadableNames: [String] = []
    var dangerousFiles: [String] = []
}
