import PluginAPI
import Testing

@testable import YtDlp

@Suite("Options that users write")
struct OptionTextTests {
    @Test(
        "take the forms that yt-dlp takes, and pass them on written out",
        arguments: [
            ("", []),
            ("--write-subs --sub-langs en,de", ["--write-subs", "--sub-langs=en,de"]),
            ("--sub-langs=en", ["--sub-langs=en"]),
            ("-f 'bv*+ba/b'", ["--format=bv*+ba/b"]),
            ("-fbest", ["--format=best"]),
            ("-xk", ["--extract-audio", "--keep-video"]),
            (#"--match-filters "duration > 60 & title ~= 'a b'""#, ["--match-filters=duration > 60 & title ~= 'a b'"]),
            (#"--referer http://a/\ b"#, ["--referer=http://a/ b"]),
            ("--retries -1", ["--retries=-1"]),
            ("--downloader m3u8:native", ["--downloader=m3u8:native"]),
            ("--downloader dash,m3u8:native", ["--downloader=dash,m3u8:native"]),
            ("-o thumbnail:pictures/%(id)s.%(ext)s", ["--output=thumbnail:pictures/%(id)s.%(ext)s"]),
            ("-o Subtitle,LINK:words/%(id)s", ["--output=Subtitle,LINK:words/%(id)s"]),
            ("-u me -p 'a=b'", ["--username=me", "--password=a=b"]),
        ] as [(String, [String])]
    )
    func forms(text: String, arguments: [String]) throws {
        #expect(try OptionText(text, field: "arguments").arguments == arguments)
    }

    @Test(
        "are refused by name when they run programs, read or write elsewhere, or are Kinodock's own",
        arguments: [
            "--exec 'touch /tmp/x'", "--exec=x", "--exec-before-download x", "--netrc-cmd x", "--config-location /x",
            "--config-locations=-", "--plugin-dirs /x", "--downloader-args ffmpeg:-f", "--downloader aria2c",
            "--downloader /bin/sh", "--external-downloader curl", "--ppa ffmpeg:-y", "--postprocessor-args x",
            "--use-postprocessor Exec", "--ffmpeg-location /x", "--load-info-json x", "--batch-file x", "-a x",
            "--enable-file-urls", "--cookies-from-browser firefox", "--cookies /x", "-P /x", "--paths=/x",
            "--cache-dir /x", "--print-to-file a b", "--alias x y", "--parse-metadata a:b", "--compat-options all",
            "--download-archive /x", "--js-runtimes node:/x", "--remote-components x", "--client-certificate /x",
            "--netrc", "-n", "--print x", "-O x", "-j", "-s", "--simulate", "--progress-template x", "-v", "--help",
            "--update", "-U", "--no-part", "--bidi-workaround", "-o /etc/x", "-o ../x", "-o a/../../x", "-o ~/x",
            "-o $HOME/x", "-o -", "-o subtitle:/x", "--output=.hidden/x", "--exe x", "--unheard-of",
            "-o subtitle,thumbnail:/x", "-o SUBTITLE:/x", "-o annotation:/x", "-o pl_thumbnail:../x",
            "-o link:chapter:/x",
            "--downloader /tmp/curl:native", "--downloader aria2c.:native", "--downloader m3u8,/x:native",
            "--preset x", "--plugin-dir /x", "--config x", "--no-exec", "--cookies-from x", "--out /x", "--pri x",
            "--playlist-items 2", "-I 2",
        ]
    )
    func refusals(text: String) throws {
        let name = String(text.prefix { $0 != " " && $0 != "=" })
        let error = try #require(throws: PluginError.self) { try OptionText(text, field: "options.arguments") }
        #expect(error.code == .invalid && error.field == "options.arguments")
        #expect(error.message.hasPrefix("\(name) is refused: "), "\(error.message)")
        #expect(error.message.count > name.count + 25, "no reason: \(error.message)")
    }

    @Test(
        "are refused when they are not whole",
        arguments: [
            "best", "--", "-", "--format", "-f", "--write-subs=yes", "'--format", "--referer x\\", "--username me",
        ]
    )
    func broken(text: String) {
        #expect(throws: PluginError.self) { try OptionText(text, field: "arguments") }
    }

    @Test("never pass a line break on")
    func control() {
        #expect(throws: PluginError.self) { try OptionText("--referer 'a\nb'", field: "arguments") }
    }
}
