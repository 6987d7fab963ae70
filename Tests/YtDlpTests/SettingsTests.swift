import FoundationEssentials
import PluginAPI
import Testing

@testable import YtDlp

@Suite("Settings and wishes")
struct SettingsTests {
    @Test("the form and what is stored have the same keys")
    func keys() {
        #expect(SettingsKeys.differences(in: YtDlpClient.self) == [])
    }

    @Test(
        "that make no sense are refused with their field",
        arguments: [
            ("template", #"{"template": "../x"}"#), ("arguments", #"{"arguments": "--exec x"}"#),
            ("proxy", #"{"proxy": "file:///x"}"#), ("downloadFolder", #"{"downloadFolder": "x"}"#),
            ("path", #"{"path": "yt-dlp"}"#), ("limitRate", #"{"limitRate": "fast"}"#),
            ("cookies", #"{"cookies": "a=b"}"#),
        ]
    )
    func refused(field: String, json: String) throws {
        let settings = try JSONDecoder().decode(YtDlpSettings.self, from: Data(json.utf8))
        let error = try #require(throws: PluginError.self) { try CheckedSettings(settings) }
        #expect(error.code == .invalid && error.field == field)
    }

    @Test("wishes are read, and cookies are kept apart from them")
    func wishes() throws {
        let read = try DownloadOptions.read([
            "format": "best", "audioOnly": true, "folder": "a/b", "cookies": "x\tTRUE\t/\tFALSE\t0\ta\tb",
        ])
        #expect(read.options == DownloadOptions(format: "best", audioOnly: true, folder: "a/b"))
        #expect(read.cookies == "# Netscape HTTP Cookie File\nx\tTRUE\t/\tFALSE\t0\ta\tb\n")
    }

    @Test(
        "wishes that make no sense are refused by name",
        arguments: [
            ("colour", "red"), ("folder", "../x"), ("folder", "/x"), ("folder", "a//b"), ("folder", ".x"),
            ("template", "/x"), ("arguments", "--exec x"), ("cookies", "a=b"), ("format", 5), ("audioOnly", "yes"),
            ("username", "me"),
        ] as [(String, JSONValue)]
    )
    func strange(key: String, value: JSONValue) throws {
        let error = try #require(throws: PluginError.self) { try DownloadOptions.read([key: value]) }
        #expect(error.code == .invalid)
        #expect(error.field == (key == "username" ? "options.password" : "options.\(key)"))
    }

    @Test("a wish that is repeated has the same id, another one has not")
    func ids() {
        let wish = DownloadOptions(format: "best")
        let id = DownloadID.of("http://a/", entry: nil, wish)
        #expect(id == DownloadID.of("http://a/", entry: nil, wish) && id.count == 34)
        #expect(id != DownloadID.of("http://a/", entry: 1, wish))
        #expect(id != DownloadID.of("http://a/", entry: nil, DownloadOptions()))
    }

    @Test("every word of a configuration is in quotes")
    func configuration() {
        #expect(Invocation.text(["--a=it's", "b c"]) == "'--a=it'\"'\"'s'\n'b c'\n")
    }

    @Test("of two that contradict each other, the nearer one comes later")
    func order() throws {
        var settings = YtDlpSettings()
        settings.format = "worst"
        let invocation = Invocation(settings: settings, arguments: ["--format=mid"], ffmpeg: nil, cache: nil)
        let wish = DownloadOptions(template: "x.%(ext)s", arguments: ["--format=best"])
        let text = invocation.download("http://a/", wish, entry: 3, cookies: nil, archive: nil)
        let lines = text.split(separator: "\n").map(String.init)
        let formats = lines.filter { $0.hasPrefix("'--format=") }
        #expect(formats == ["'--format=worst'", "'--format=mid'", "'--format=best'"])
        #expect(lines.last { $0.hasPrefix("'--output=") } == "'--output=x.%(ext)s'")
        #expect(lines.suffix(2) == ["'--playlist-items=3'", "'http://a/'"])
    }
}

@Suite("Versions")
struct ProgramVersionTests {
    @Test(
        "are days",
        arguments: [("2026.10.26", true), ("2025.03.21.232945", true), ("1.2.3", false), ("yt-dlp", false)]
    )
    func reading(text: String, isRight: Bool) {
        #expect((ProgramVersion(text) != nil) == isRight)
    }

    @Test("are ordered, and have an age")
    func age() throws {
        let version = try #require(ProgramVersion("2026.10.26"))
        #expect(try version > #require(ProgramVersion.minimum))
        let days = version.age(at: Date(timeIntervalSince1970: 1_795_305_600))
        #expect((24...28).contains(days))
    }
}

@Suite("Failures")
struct FailureTests {
    @Test(
        "say what to do, and hold no address",
        arguments: [
            ("ERROR: Unsupported URL: http://a.b/?key=k", PluginError.Code.invalid),
            ("ERROR: [generic] k: Unable to download webpage: HTTP Error 404: Not Found (caused by x)", .notFound),
            ("ERROR: [x] k: HTTP Error 403: Forbidden", .forbidden),
            ("ERROR: [youtube] k: Sign in to confirm you’re not a bot. Use --cookies-from-browser", .forbidden),
            ("ERROR: [x] k: HTTP Error 429: Too Many Requests", .rateLimited),
            ("ERROR: unable to write data: [Errno 28] No space left on device", .remoteFailure),
            ("ERROR: [x] k: Requested format is not available. Use --list-formats", .invalid),
            ("ERROR: [x] k: Failed to resolve 'a.b' ([Errno -2] Name or service not known)", .unreachable),
            ("ERROR: something new at http://a.b/?key=k", .remoteFailure),
        ]
    )
    func words(line: String, code: PluginError.Code) {
        let error = Failure([line], link: "http://user:secret@a.b/?key=k").error
        #expect(error.code == .known(code), "\(error)")
        #expect(!error.message.contains("key=k") && !error.message.contains("secret") && !error.message.contains(" k:"))
    }
}
