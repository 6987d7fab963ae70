/// Why users may not give an option that yt-dlp has.
enum RefusedOption {
    /// In words that go on from "--exec is refused: it".
    static func reason(_ name: String) -> String {
        reasons[name] ?? "is none of the options that this plugin knows to be harmless. Write options out in full."
    }

    private static let runsPrograms = "could run programs on the server."
    private static let readsFiles = "could read files of the server."
    private static let writesElsewhere = "could write outside of the download folder."
    private static let isOurs = "belongs to Kinodock, which reads what yt-dlp prints."
    private static let loadsCode = "could load code from elsewhere."
    private static let interactive = "only shows something on a terminal. Use the inspection of an address."

    private static let reasons: [String: String] = {
        var reasons: [String: String] = [:]
        func add(_ names: String, _ reason: String) {
            for name in names.split(whereSeparator: \.isWhitespace) { reasons[String(name)] = reason }
        }
        add("--exec --no-exec --exec-before-download --no-exec-before-download --netrc-cmd", runsPrograms)
        add("--downloader-args --external-downloader-args --postprocessor-args --ppa --use-postprocessor", runsPrograms)
        add("--ffmpeg-location --bidi-workaround --js-runtimes --no-js-runtimes", runsPrograms)
        add("--plugin-dirs --no-plugin-dirs --remote-components --no-remote-components", loadsCode)
        add("--config-locations --config-location --no-config-locations", "could bring in any other option.")
        add("--ignore-config --no-config --alias", "could bring in any other option.")
        add("--batch-file -a --no-batch-file --load-info-json --load-info --load-pages", readsFiles)
        add("--netrc -n --netrc-location --client-certificate --client-certificate-key", readsFiles)
        add("--client-certificate-password --enable-file-urls", readsFiles)
        add("--cookies-from-browser --no-cookies-from-browser", "reads the browser of the server's user.")
        add("--cookies --no-cookies", "names a file of the server. Send the cookies themselves as options.cookies.")
        add("--paths -P --cache-dir --no-cache-dir --rm-cache-dir --print-to-file", writesElsewhere)
        add("--write-pages --id --autonumber-size --autonumber-start", writesElsewhere)
        add("--parse-metadata --replace-in-metadata --metadata-from-title", "could change names of files to any path.")
        add("--compat-options", "can switch the checks of names off.")
        add("--download-archive --force-write-archive --force-write-download-archive", archive)
        add("--force-download-archive", archive)
        add("--no-part --no-continue --force-overwrites --yes-overwrites -c --continue", resuming)
        add("--part -w --no-overwrites --no-force-overwrites", resuming)
        add("--update -U --no-update --update-to", "changes the program itself. Update it where it was installed.")
        add("--playlist-items -I --playlist-start --playlist-end", "has a place of its own: options.playlistItems.")
        add("--default-search", "is of no use, for Kinodock takes addresses alone.")
        add("--allow-unplayable-formats --no-allow-unplayable-formats", "leaves files that nothing can play.")
        add("--lazy-playlist --no-lazy-playlist --flat-playlist --no-flat-playlist", isOurs)
        add("--write-playlist-metafiles --no-write-playlist-metafiles --break-on-reject --test", isOurs)
        add("--quiet -q --no-quiet --no-warnings --simulate -s --no-simulate --print -O --get-url -g", isOurs)
        add("--get-title -e --get-id --get-thumbnail --get-description --get-duration --get-filename", isOurs)
        add("--get-format --dump-json -j --dump-single-json -J --print-json --newline --no-progress", isOurs)
        add("--progress --console-title --progress-template --progress-delta --verbose -v --dump-pages", isOurs)
        add("--dump-intermediate-pages --print-traffic --encoding --color --no-colors --no-colours", isOurs)
        add("--help -h --version --list-extractors --extractor-descriptions --ap-list-mso", interactive)
        add("--list-impersonate-targets --list-thumbnails --list-subs --list-formats -F", interactive)
        add("--list-formats-as-table --list-formats-old --no-list-formats-as-table", interactive)
        add("--all-formats", "makes several files of one name. Name the formats with --format.")
        return reasons
    }()

    private static let archive = "names a file of the server. There is a setting for an archive."
    private static let resuming = "decides how a download is continued, which is Kinodock's business."
}
