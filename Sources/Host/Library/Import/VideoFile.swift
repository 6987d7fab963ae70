/// A video in a finished download.
struct VideoFile: Hashable, Sendable {
    /// The absolute path on this machine, without symbolic links.
    let path: String
    /// Relative to the content, with `/`; the file's name when the content is the file.
    let relativePath: String
    /// In bytes.
    let size: Int64
    /// In lower case; found by the content where the name has none.
    let fileExtension: String
    /// What the file's name tells.
    let release: ReleaseName
}

/// A subtitle next to a video.
struct SubtitleFile: Hashable, Sendable {
    let path: String
    let relativePath: String
    let size: Int64
    let fileExtension: String
}
