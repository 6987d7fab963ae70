/// The stored settings of one instance.
///
/// What is absent, or null, or an empty text stands for its default, so settings of an earlier version still decode.
struct YtDlpSettings: Hashable, Sendable {
    /// The yt-dlp program; found by the search path of the server when empty.
    var path = ""
    /// The ffmpeg program, or the folder that it and ffprobe are in; found by the search path when empty.
    var ffmpegPath = ""
    /// Where downloads go; the instance's own folder when empty.
    var downloadFolder = ""
    /// The name of a finished file, in yt-dlp's own terms.
    var template = Self.defaultTemplate
    /// Which formats to take, in yt-dlp's own terms; its own choice when empty.
    var format = ""
    /// Languages of subtitles, separated by commas; none when empty.
    var subtitles = ""
    /// Whether subtitles are put into the video file.
    var embedSubtitles = false
    /// Whether the picture of a video is kept beside it.
    var thumbnail = false
    /// Whether what was downloaded once is left out the next time.
    var archive = false
    /// Downloads that run at a time.
    var maxDownloads = 3
    /// Downloads from one site that run at a time.
    var maxPerHost = 2
    /// The most entries that are taken of a playlist.
    var playlistLimit = 200
    /// What `--limit-rate` takes, for each download; no limit when empty.
    var limitRate = ""
    /// The address of a proxy; may hold a password.
    var proxy = ""
    /// Cookies in Netscape's format, for every download that brings none of its own.
    var cookies = ""
    /// Further options for yt-dlp.
    var arguments = ""
    /// Seconds without an answer after which a connection is given up.
    var timeoutSeconds = 20

    static let defaultTemplate = "%(title).150B [%(id)s].%(ext)s"

    /// The defaults.
    init() {}
}

extension YtDlpSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case path, ffmpegPath, downloadFolder, template, format, subtitles, embedSubtitles, thumbnail, archive
        case maxDownloads, maxPerHost, playlistLimit, limitRate, proxy, cookies, arguments, timeoutSeconds
    }

    /// Reads what is there and leaves the rest at its default.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        path = values.text(.path) ?? path
        ffmpegPath = values.text(.ffmpegPath) ?? ffmpegPath
        downloadFolder = values.text(.downloadFolder) ?? downloadFolder
        template = values.text(.template) ?? template
        format = values.text(.format) ?? format
        subtitles = values.text(.subtitles) ?? subtitles
        embedSubtitles = values.flag(.embedSubtitles) ?? embedSubtitles
        thumbnail = values.flag(.thumbnail) ?? thumbnail
        archive = values.flag(.archive) ?? archive
        maxDownloads = values.whole(.maxDownloads) ?? maxDownloads
        maxPerHost = values.whole(.maxPerHost) ?? maxPerHost
        playlistLimit = values.whole(.playlistLimit) ?? playlistLimit
        limitRate = values.text(.limitRate) ?? limitRate
        proxy = values.text(.proxy) ?? proxy
        cookies = values.text(.cookies) ?? cookies
        arguments = values.text(.arguments) ?? arguments
        timeoutSeconds = values.whole(.timeoutSeconds) ?? timeoutSeconds
    }
}

/// Values as forms and hand-written configurations give them: numbers also as text.
extension KeyedDecodingContainer {
    fileprivate func text(_ key: Key) -> String? {
        guard let text = try? decode(String.self, forKey: key), !text.isEmpty else { return nil }
        return text
    }

    fileprivate func whole(_ key: Key) -> Int? {
        ((try? decode(Double.self, forKey: key)) ?? text(key).flatMap(Double.init)).flatMap { Int(exactly: $0) }
    }

    fileprivate func flag(_ key: Key) -> Bool? {
        (try? decode(Bool.self, forKey: key)) ?? text(key).flatMap(Bool.init)
    }
}
