/// An option of yt-dlp that users may give, as yt-dlp's own list (`yt_dlp/options.py`, 2026.08) has it.
struct AllowedOption: Sendable {
    /// What its operand has to be.
    enum Operand: Sendable {
        case any
        /// An output template, with the kind of file before it.
        case template
        /// The name of a downloader that is part of yt-dlp, or ffmpeg.
        case downloader
        /// An http, https or socks address.
        case proxy
    }

    /// The long form under which it is passed on.
    let name: String
    /// How many operands follow it.
    let operands: Int
    let operand: Operand

    /// The option of that name, `--long` or `-s`; `nil` when users may not give it.
    static func named(_ name: String) -> AllowedOption? { table[name] }

    private static let table: [String: AllowedOption] = {
        var table: [String: AllowedOption] = [:]
        func add(_ list: String, _ operands: Int, _ operand: Operand = .any) {
            for entry in list.split(whereSeparator: \.isWhitespace) {
                let names = entry.split(separator: ",").map(String.init)
                let option = AllowedOption(name: names[0], operands: operands, operand: operand)
                for name in names { table[name] = option }
            }
        }
        add(switches, 0)
        add(values, 1)
        add("--output,-o", 1, .template)
        add("--downloader,--external-downloader", 1, .downloader)
        add("--proxy --geo-verification-proxy", 1, .proxy)
        return table
    }()

    /// Without an operand; other names of one option follow it after a comma.
    private static let switches = """
        --ignore-errors,-i --no-abort-on-error --abort-on-error,--no-ignore-errors --force-generic-extractor
        --live-from-start --no-live-from-start --no-wait-for-video --mark-watched --no-mark-watched
        --force-ipv4,-4 --force-ipv6,-6 --geo-bypass --no-geo-bypass
        --no-match-filters --no-break-match-filters --no-playlist --yes-playlist --no-download-archive
        --break-on-existing --no-break-on-existing --break-per-input --no-break-per-input
        --skip-unavailable-fragments,--no-abort-on-unavailable-fragments
        --abort-on-unavailable-fragments,--no-skip-unavailable-fragments --keep-fragments --no-keep-fragments
        --resize-buffer --no-resize-buffer --playlist-reverse --no-playlist-reverse --playlist-random
        --hls-use-mpegts --no-hls-use-mpegts --hls-prefer-native --hls-prefer-ffmpeg
        --restrict-filenames --no-restrict-filenames --windows-filenames --no-windows-filenames
        --mtime --no-mtime --write-description --no-write-description --write-info-json --no-write-info-json
        --clean-info-json,--clean-infojson --no-clean-info-json,--no-clean-infojson
        --write-comments,--get-comments --no-write-comments,--no-get-comments
        --write-thumbnail --no-write-thumbnail --write-all-thumbnails
        --write-link --write-url-link --write-webloc-link --write-desktop-link
        --skip-download,--no-download --ignore-no-formats-error --no-ignore-no-formats-error
        --legacy-server-connect --no-check-certificates --prefer-insecure,--prefer-unsecure
        --format-sort-reset --format-sort-force,--S-force --no-format-sort-force
        --video-multistreams --no-video-multistreams --audio-multistreams --no-audio-multistreams
        --prefer-free-formats --no-prefer-free-formats --check-formats --check-all-formats --no-check-formats
        --write-subs,--write-srt --no-write-subs,--no-write-srt
        --write-auto-subs,--write-automatic-subs --no-write-auto-subs,--no-write-automatic-subs --all-subs
        --extract-audio,-x --keep-video,-k --no-keep-video --post-overwrites --no-post-overwrites
        --embed-subs --no-embed-subs --embed-thumbnail --no-embed-thumbnail
        --embed-metadata,--add-metadata --no-embed-metadata,--no-add-metadata
        --embed-chapters,--add-chapters --no-embed-chapters,--no-add-chapters
        --embed-info-json --no-embed-info-json --xattrs,--xattr
        --split-chapters,--split-tracks --no-split-chapters,--no-split-tracks --no-remove-chapters
        --force-keyframes-at-cuts --no-force-keyframes-at-cuts --no-sponsorblock
        --allow-dynamic-mpd,--no-ignore-dynamic-mpd --ignore-dynamic-mpd,--no-allow-dynamic-mpd
        --hls-split-discontinuity --no-hls-split-discontinuity
        """

    private static let values = """
        --use-extractors,--ies --wait-for-video --preset-alias,-t --socket-timeout --source-address --impersonate --xff
        --geo-bypass-country --geo-bypass-ip-block
        --match-title --reject-title --min-filesize --max-filesize --date --datebefore --dateafter
        --min-views --max-views --match-filters,--match-filter --break-match-filters --age-limit --max-downloads
        --skip-playlist-after-errors --concurrent-fragments,-N --limit-rate,-r,--rate-limit --throttled-rate
        --retries,-R --file-access-retries --fragment-retries --retry-sleep --buffer-size --http-chunk-size
        --download-sections --output-na-placeholder --trim-filenames,--trim-file-names
        --user-agent --referer --add-headers,--add-header --sleep-requests --sleep-interval,--min-sleep-interval
        --max-sleep-interval --sleep-subtitles --format,-f --format-sort,-S --merge-output-format
        --sub-format --sub-langs,--srt-langs,--sub-lang --username,-u --password,-p --twofactor,-2 --video-password
        --ap-mso --ap-username --ap-password --audio-format --audio-quality --remux-video --recode-video
        --concat-playlist --fixup --convert-subs,--convert-sub,--convert-subtitles --convert-thumbnails
        --remove-chapters --sponsorblock-mark --sponsorblock-remove --sponsorblock-chapter-title --sponsorblock-api
        --extractor-retries --extractor-args
        """
}
