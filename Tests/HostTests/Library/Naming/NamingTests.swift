import Testing

@testable import Host

struct NamingTests {
    private let release = ReleaseName("Silent.Harbor.2011.Directors.Cut.1080p.BluRay.DTS-HD.MA.5.1.x264-CORAL")

    private func movie(_ title: String, year: Int? = 2011) -> MovieFacts {
        var movie = MovieFacts(title: title, year: year)
        movie.tmdbID = 603
        return movie
    }

    private func name(_ format: String, _ title: String = "Silent Harbor", year: Int? = 2011) throws -> String {
        var settings = NamingSettings()
        settings.movieFile = format
        let file = try Naming(settings).file(of: movie(title, year: year), release: release, suffix: ".mkv")
        return FilePath.name(of: file)
    }

    @Test("names a movie sensibly without any settings")
    func standard() throws {
        let file = try Naming().file(of: movie("Silent Harbor"), release: release, suffix: ".mkv")
        #expect(file == "Silent Harbor (2011)/Silent Harbor (2011) [Bluray-1080p].mkv")
    }

    @Test(
        "fills tokens and lets groups vanish",
        arguments: [
            ("{Title}", "Silent Harbor.mkv"), ("{title} {YEAR}", "Silent Harbor 2011.mkv"),
            ("{Title}{ - {EpisodeTitle}}", "Silent Harbor.mkv"),
            ("{Title}{ [{AudioCodec} {AudioChannels}]}", "Silent Harbor [DTS-HD MA 5.1].mkv"),
            ("{Title}{[{HDR}]}{-{ReleaseGroup}}", "Silent Harbor-CORAL.mkv"),
            ("{Title} {edition-{Edition}}", "Silent Harbor {edition-Director's Cut}.mkv"),
            ("{Title} [{HDR}] ({Proper})", "Silent Harbor.mkv"), ("{Title} {MediaId}", "Silent Harbor {tmdb-603}.mkv"),
            ("{Title} {VideoCodec} {Resolution} {Source}", "Silent Harbor H.264 1080p Bluray.mkv"),
        ]
    )
    func formats(format: String, expected: String) throws {
        #expect(try name(format) == expected)
    }

    @Test(
        "refuses formats that do not work",
        arguments: [
            "", "{Title", "Title}", "{Titel}", "{}", "{Season:0a}", "{Title}{a{b{c{Year}}}}", "{Title/Year}", "Film",
            "{Quality}",
        ]
    )
    func refuses(format: String) {
        #expect(throws: NamingFormat.Refusal.self) { try name(format) }
    }

    @Test(
        "cleans titles",
        arguments: [
            ("Face/Off", "FaceOff"), ("../../etc/passwd", "etcpasswd"), ("What?", "What"), ("A: B", "A - B"),
            ("9:15", "9-15"),
            ("Dots...", "Dots"), (" spaced  out ", "spaced out"), ("CON", "_CON"), ("nul", "_nul"),
            ("a\u{0}b\nc", "abc"),
            (#"<>"\|?*"#, "Unknown"), (".hidden", "hidden"), ("..", "Unknown"), ("", "Unknown"),
            ("Amélie 千", "Amélie 千"),
            ("abc\u{202e}vkm", "abcvkm"),
        ]
    )
    func cleans(title: String, expected: String) throws {
        #expect(try name("{Title}", title, year: nil) == expected + ".mkv")
    }

    @Test(
        "writes colons as the user likes",
        arguments: [
            (NameCleaning.Colon.delete, "A B 915"), (.dash, "A- B 9-15"), (.spaceDash, "A - B 9 -15"),
            (.spaceDashSpace, "A - B 9 - 15"), (.smart, "A - B 9-15"),
        ]
    )
    func colons(mode: NameCleaning.Colon, expected: String) {
        #expect(NameCleaning(colon: mode).value("A: B 9:15") == expected)
    }

    @Test("cuts overlong names at a character and keeps their extension", arguments: ["x", "ü", "千", "👩‍👩‍👧"])
    func cuts(character: String) throws {
        let file = try Naming().file(
            of: movie(String(repeating: character, count: 400)),
            release: release,
            suffix: ".en.srt"
        )
        for component in file.split(separator: "/") {
            #expect(component.utf8.count <= 255)
            #expect(component.utf8.count > 200)
        }
        #expect(file.hasSuffix(".en.srt"))
        #expect(!file.contains("\u{fffd}"))
    }

    @Test("cuts the names of a video and its subtitles alike", arguments: ["x", "ü", "千"])
    func cutsAlike(character: String) throws {
        let stems = try [".mkv", ".en.srt", " (2).de.forced.sdh.2.srt"].map { suffix in
            try Naming().file(
                of: movie(String(repeating: character, count: 400)),
                release: release,
                suffix: suffix
            ).dropLast(suffix.count)
        }
        #expect(Set(stems).count == 1)
    }

    private func series(_ kind: SeriesFacts.Kind = .standard) -> SeriesFacts {
        let episodes = (1...3).map { number in
            var episode = EpisodeFacts(id: "e\(number)", season: 1, number: number, title: "Part \(number)")
            episode.absolute = number + 10
            episode.airDate = "2024-01-0\(number)"
            return episode
        }
        var series = SeriesFacts(title: "Cold Coast", episodes: episodes)
        series.kind = kind
        return series
    }

    @Test(
        "names episodes of all kinds of series",
        arguments: [
            (SeriesFacts.Kind.standard, "Cold Coast - S01E01 - Part 1 [WEB-DL-720p].mkv"),
            (.daily, "Cold Coast - 2024-01-01 - Part 1 [WEB-DL-720p].mkv"),
            (.anime, "Cold Coast - S01E01 - 011 - Part 1 [WEB-DL-720p].mkv"),
        ]
    )
    func episode(kind: SeriesFacts.Kind, expected: String) throws {
        let series = series(kind)
        let release = ReleaseName("Cold.Coast.S01E01.720p.WEB-DL")
        let file = try Naming().file(of: [series.episodes[0]], in: series, release: release, suffix: ".mkv")
        #expect(file == "Cold Coast/Season 01/" + expected)
    }

    @Test(
        "names files with several episodes",
        arguments: [
            (NamingSettings.MultiEpisode.extend, "S01E01-02-03"), (.duplicate, "S01E01.S01E02.S01E03"),
            (.repeat, "S01E01E02E03"),
            (.scene, "S01E01-E02-E03"), (.range, "S01E01-E03"),
        ]
    )
    func several(style: NamingSettings.MultiEpisode, expected: String) throws {
        var settings = NamingSettings()
        settings.multiEpisode = style
        settings.episodeFile = "S{Season:00}E{Episode:00}"
        let series = series()
        let file = try Naming(settings).file(of: series.episodes, in: series, release: ReleaseName(""), suffix: ".mkv")
        #expect(FilePath.name(of: file) == expected + ".mkv")
    }
}
