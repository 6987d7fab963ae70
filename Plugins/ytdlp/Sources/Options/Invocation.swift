/// What yt-dlp is told.
struct Invocation: Sendable {
    let settings: YtDlpSettings
    /// The checked options of the settings.
    let arguments: [String]
    /// Where ffmpeg is; yt-dlp looks for it on its search path when absent.
    let ffmpeg: String?
    /// A folder of the instance's own for what yt-dlp remembers of sites.
    let cache: String?

    /// The words between the name of the program and its options: only that those come through its standard input,
    /// where nobody else on the machine sees them.
    static let preamble = [
        "--ignore-config", "--no-plugin-dirs", "--no-update", "--no-colors", "--config-locations", "-",
    ]

    /// Asks what is at an address.
    func description(of link: String, _ options: DownloadOptions, cookies: String?) -> String {
        let items = options.playlistItems ?? ":\(settings.playlistLimit)"
        return Self.text(
            ["--dump-single-json", "--flat-playlist"] + connection(cookies: cookies) + choices(options)
                + ["--playlist-items=\(items)", link]
        )
    }

    /// Downloads into the folder that the program is started in.
    ///
    /// - Parameters:
    ///   - entry: which one of the playlist at `link`; `nil` when `link` is no playlist.
    ///   - archive: the file in which downloads are remembered.
    func download(
        _ link: String,
        _ options: DownloadOptions,
        entry: Int?,
        cookies: String?,
        archive: String?
    ) -> String {
        var words = Report.options + connection(cookies: cookies)
        words += archive.map { ["--download-archive=\($0)"] } ?? []
        words += ["--output=\(settings.template)"]
        words += settings.limitRate.isEmpty ? [] : ["--limit-rate=\(settings.limitRate)"]
        words += settings.thumbnail ? ["--write-thumbnail"] : []
        // yt-dlp tells of progress after each piece that it reads, and would read larger and larger ones.
        words += ["--buffer-size=64K", "--no-resize-buffer"] + choices(options)
        let entries = entry.map(String.init) ?? ":\(settings.playlistLimit)"
        return Self.text(words + ["--playlist-items=\(entries)", link])
    }

    /// How many folders below its own a download is put together, so that names which sites give cannot lead out of that.
    func depth(_ options: DownloadOptions) -> Int {
        let written = (arguments + (options.arguments ?? [])).filter { $0.hasPrefix("--output=") }
        let templates = written + [settings.template, options.template ?? ""]
        return templates.map { OutputTemplate.folders(in: $0) }.max() ?? 0
    }

    private func connection(cookies: String?) -> [String] {
        var words = ["--socket-timeout=\(settings.timeoutSeconds)", "--retries=3", "--fragment-retries=3"]
        words += cache.map { ["--cache-dir=\($0)"] } ?? ["--no-cache-dir"]
        words += ffmpeg.map { ["--ffmpeg-location=\($0)"] } ?? []
        words += settings.proxy.isEmpty ? [] : ["--proxy=\(settings.proxy)"]
        return words + (cookies.map { ["--cookies=\($0)"] } ?? [])
    }

    /// What is to be downloaded, and how; of two that contradict each other yt-dlp follows the later one.
    private func choices(_ options: DownloadOptions) -> [String] {
        let subtitles = options.subtitles ?? settings.subtitles
        let format = options.format ?? (options.audioOnly == true ? "ba/b" : settings.format)
        var words = [options.playlist == true ? "--yes-playlist" : "--no-playlist"]
        words += format.isEmpty ? [] : ["--format=\(format)"]
        words += subtitles.isEmpty ? [] : ["--write-subs", "--sub-langs=\(subtitles)"]
        words += settings.embedSubtitles && !subtitles.isEmpty ? ["--embed-subs"] : []
        words += arguments
        words += options.template.map { ["--output=\($0)"] } ?? []
        words += options.audioOnly == true ? ["--extract-audio"] : []
        if let username = options.username, let password = options.password {
            words += ["--username=\(username)", "--password=\(password)"]
        }
        return words + (options.arguments ?? [])
    }

    /// A configuration as yt-dlp reads it: each word in quotes, on a line of its own.
    static func text(_ words: [String]) -> String {
        words.map {
            "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\"'\"'") + "'\n"
        }
        .joined()
    }
}
