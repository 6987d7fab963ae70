/// The media types of video files, by the ending of their names.
enum VideoType {
    private static let types = [
        "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mkv": "video/x-matroska",
        "avi": "video/x-msvideo", "mov": "video/quicktime", "wmv": "video/x-ms-wmv", "flv": "video/x-flv",
        "mpg": "video/mpeg", "mpeg": "video/mpeg", "vob": "video/mpeg", "ts": "video/mp2t", "m2ts": "video/mp2t",
    ]

    /// The type for `path`, or that of unknown bytes.
    static func mediaType(of path: String) -> String {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        return types[ending] ?? "application/octet-stream"
    }
}
