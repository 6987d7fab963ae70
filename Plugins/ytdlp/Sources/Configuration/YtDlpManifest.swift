import PluginAPI

/// What the plugin says about itself.
enum YtDlpManifest {
    static let manifest: PluginManifest = {
        var manifest = description
        manifest.isEmbeddedDefault = true
        return manifest
    }()

    private static let description = PluginManifest(
        id: "ytdlp",
        name: "yt-dlp",
        version: "1.0.0",
        description: "Videos and sound from web pages, feeds and streams, with the program yt-dlp.",
        link: "https://github.com/yt-dlp/yt-dlp",
        sources: [.url],
        settings: SettingsSchema(fields: downloads + limits + program, presets: presets)
    )

    private static let downloads: [SettingsField] = [
        .path("downloadFolder", label: "Download folder").section("Downloads")
            .help("Empty: a folder of Kinodock's own."),
        .text("format", label: "Format").placeholder("bv*[height<=1080]+ba/b[height<=1080]").section("Downloads")
            .help("A format selection of yt-dlp. Empty: the best video with the best sound."),
        .text("template", label: "File name").default(.string(YtDlpSettings.defaultTemplate)).section("Downloads")
            .help("An output template of yt-dlp, relative to the download folder."),
        .text("subtitles", label: "Subtitles").placeholder("en,de").section("Downloads")
            .help("Languages, separated by commas; “all” for every one. Empty: none."),
        .bool("embedSubtitles", label: "Put subtitles into the video").default(false).section("Downloads"),
        .bool("thumbnail", label: "Keep the picture").default(false).section("Downloads"),
        .bool("archive", label: "Never download twice").default(false).section("Downloads")
            .help("Remembers what was downloaded, and leaves it out when it is asked for again."),
    ]

    private static let limits: [SettingsField] = [
        .number("maxDownloads", label: "Downloads at a time", in: 1...32).step(1).default(3).section("Limits"),
        .number("maxPerHost", label: "From one site at a time", in: 1...32).step(1).default(2).section("Limits"),
        .number("playlistLimit", label: "Entries of a playlist", in: 1...1000).step(1).default(200).section("Limits")
            .help("The first ones of a longer playlist are taken."),
        .text("limitRate", label: "Speed of a download").placeholder("4M").section("Limits")
            .help("Bytes each second, with K or M. Empty: no limit."),
    ]

    private static let program: [SettingsField] = [
        .path("path", label: "yt-dlp").placeholder("/usr/local/bin/yt-dlp").advanced().section("Program")
            .help("The program. Empty: the first one on the server's search path."),
        .path("ffmpegPath", label: "ffmpeg").placeholder("/usr/bin/ffmpeg").advanced().section("Program")
            .help("For merging and converting. Empty: the first one on the server's search path."),
        .number("timeoutSeconds", label: "Timeout", in: 1...300, unit: "seconds").step(1).default(20).advanced()
            .section("Program").help("For a site that does not answer, or stops sending."),
        .text("arguments", label: "Further options").placeholder("--concurrent-fragments 4").advanced()
            .section("Program").help("Options of yt-dlp. Those that run programs or write elsewhere are refused."),
        .secret("proxy", label: "Proxy").placeholder("socks5://127.0.0.1:1080").advanced().section("Program"),
        .secret("cookies", label: "Cookies").advanced().section("Program")
            .help("The content of a cookies.txt in Netscape's format, for sites that need a login.")
            .warning("Who has the cookies is logged in."),
    ]

    private static let presets: [SettingsSchema.Preset] = [
        .init("Video, at most 1080p", values: ["format": "bv*[height<=1080]+ba/b[height<=1080]"]),
        .init(
            "Video with subtitles and picture",
            values: ["subtitles": "en", "embedSubtitles": true, "thumbnail": true]
        ),
        .init("Sound alone", values: ["format": "ba/b", "arguments": "--extract-audio"]),
    ]
}
