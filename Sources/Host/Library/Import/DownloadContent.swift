/// What lies at the path of a finished download.
struct DownloadContent: Hashable, Sendable {
    /// Largest first.
    var videos: [VideoFile] = []
    var subtitles: [SubtitleFile] = []
    /// Relative paths, as the others.
    var archives: [String] = []
    var partialFiles: [String] = []
    var dangerousFiles: [String] = []
}
