import Testing

@testable import Host

struct ReleaseNameTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        let name: String
        let title: String
        var year: Int?
        var quality = "Unknown"
        var group: String?
        var testDescription: String { name }

        init(_ name: String, _ title: String, _ year: Int? = nil, _ quality: String = "Unknown", _ group: String? = nil)
        {
            self.name = name
            self.title = title
            self.year = year
            self.quality = quality
            self.group = group
        }
    }

    static let movies: [Sample] = [
        .init("Silent.Harbor.2011.1080p.BluRay.x264-CORAL", "Silent Harbor", 2011, "Bluray-1080p", "CORAL"),
        .init("Silent Harbor 2011 1080p WEB-DL DDP5.1 H.264-CORAL", "Silent Harbor", 2011, "WEB-DL-1080p", "CORAL"),
        .init(
            "Silent.Harbor.2011.2160p.UHD.BluRay.REMUX.HDR.HEVC.Atmos-KELP",
            "Silent Harbor",
            2011,
            "Remux-2160p",
            "KELP"
        ),
        .init("Silent.Harbor.2011.UHD.BluRay.1080p.DD+5.1.x264-KELP", "Silent Harbor", 2011, "Bluray-1080p", "KELP"),
        .init("Silent.Harbor.2011.BDRemux.1080p.AVC", "Silent Harbor", 2011, "Remux-1080p"),
        .init("Silent Harbor (2011) [1080p] [BluRay] [5.1] [YTS.MX]", "Silent Harbor", 2011, "Bluray-1080p", "YTS.MX"),
        .init("Silent_Harbor_2011_720p_HDTV_x264-FIN", "Silent Harbor", 2011, "HDTV-720p", "FIN"),
        .init("Silent.Harbor.2011.HDTV.x264-FIN", "Silent Harbor", 2011, "SDTV", "FIN"),
        .init("Silent.Harbor.2011.DVDRip.XviD-OLD", "Silent Harbor", 2011, "DVD", "OLD"),
        .init("Silent.Harbor.2011.WEB.x264-NET", "Silent Harbor", 2011, "WEB-DL-480p", "NET"),
        .init("Silent.Harbor.2011.1080p.WEB.h264-NET", "Silent Harbor", 2011, "WEB-DL-1080p", "NET"),
        .init("Silent.Harbor.2011.1080p.WEBRip.x265-NET", "Silent Harbor", 2011, "WEBRip-1080p", "NET"),
        .init("Silent.Harbor.2011.HDCAM.x264-LOUD", "Silent Harbor", 2011, "CAM", "LOUD"),
        .init("Silent.Harbor.2011.TS.x264-LOUD", "Silent Harbor", 2011, "Telesync", "LOUD"),
        .init("Silent.Harbor.2011.HDTC.1080p.x264-LOUD", "Silent Harbor", 2011, "Telecine", "LOUD"),
        .init("Silent.Harbor.2011.DVDSCR.XviD-LOUD", "Silent Harbor", 2011, "Screener", "LOUD"),
        .init("Silent.Harbor.2011.720p.HDRip.x264", "Silent Harbor", 2011, "HDRip-720p"),
        .init("Silent.Harbor.2011.576p.BluRay.x264-SMALL", "Silent Harbor", 2011, "Bluray-576p", "SMALL"),
        .init("Silent.Harbor.2011.1080i.HDTV.MPEG2-CAST", "Silent Harbor", 2011, "HDTV-1080p", "CAST"),
        .init("Silent.Harbor.1080p.BluRay.x264-CORAL", "Silent Harbor", nil, "Bluray-1080p", "CORAL"),
        .init("Silent.Harbor.1080p.2011.BluRay.x264-CORAL", "Silent Harbor", 2011, "Bluray-1080p", "CORAL"),
        .init("Silent Harbor", "Silent Harbor"),
        .init("Silent.Harbor.(2011)", "Silent Harbor", 2011),
        .init("Silent Harbor [2011].mkv", "Silent Harbor", 2011),
        .init("2001.A.Space.Odyssey.1968.1080p.BluRay.x264-HAL", "2001 A Space Odyssey", 1968, "Bluray-1080p", "HAL"),
        .init("1917.2019.2160p.WEB-DL.x265-RUN", "1917", 2019, "WEB-DL-2160p", "RUN"),
        .init("2012.2009.1080p.BluRay.x264-END", "2012", 2009, "Bluray-1080p", "END"),
        .init("2012.1080p.BluRay.x264-END", "2012", nil, "Bluray-1080p", "END"),
        .init("1984 (1984) 720p BluRay", "1984", 1984, "Bluray-720p"),
        .init("Blade.Runner.2049.2017.1080p.BluRay.x264-REP", "Blade Runner 2049", 2017, "Bluray-1080p", "REP"),
        .init("Blade.Runner.2049.1080p.BluRay.x264-REP", "Blade Runner 2049", nil, "Bluray-1080p", "REP"),
        .init("300.2006.1080p.BluRay.x264-SHIELD", "300", 2006, "Bluray-1080p", "SHIELD"),
        .init("(500) Days of Summer (2009) 1080p BluRay", "(500) Days of Summer", 2009, "Bluray-1080p"),
        .init("8.Mile.2002.DVDRip.x264", "8 Mile", 2002, "DVD"),
        .init("10.000.BC.2008.720p.BluRay", "10 000 BC", 2008, "Bluray-720p"),
        .init(
            "Spider-Man.Far.From.Home.2019.1080p.WEB-DL-WEBS",
            "Spider-Man Far From Home",
            2019,
            "WEB-DL-1080p",
            "WEBS"
        ),
        .init(
            "E.T.the.Extra-Terrestrial.1982.1080p.BluRay-ET",
            "E.T. the Extra-Terrestrial",
            1982,
            "Bluray-1080p",
            "ET"
        ),
        .init("A.I.Artificial.Intelligence.2001.1080p.BluRay", "A.I. Artificial Intelligence", 2001, "Bluray-1080p"),
        .init("Mr. Nobody 2009 1080p BluRay x264", "Mr. Nobody", 2009, "Bluray-1080p"),
        .init(
            "Le.Fabuleux.Destin.d'Amélie.2001.FRENCH.1080p.BluRay-FR",
            "Le Fabuleux Destin d'Amélie",
            2001,
            "Bluray-1080p",
            "FR"
        ),
        .init("千と千尋の神隠し.2001.1080p.BluRay.x264-JP", "千と千尋の神隠し", 2001, "Bluray-1080p", "JP"),
        .init("Сталкер.1979.1080p.BluRay.x264", "Сталкер", 1979, "Bluray-1080p"),
        .init("Charlottes.Web.2006.1080p.BluRay.x264-FARM", "Charlottes Web", 2006, "Bluray-1080p", "FARM"),
        .init("The.French.Dispatch.2021.1080p.WEB-DL-INK", "The French Dispatch", 2021, "WEB-DL-1080p", "INK"),
        .init("The.Proper.Extended.Cam.2015.720p.WEBRip-ODD", "The Proper Extended Cam", 2015, "WEBRip-720p", "ODD"),
        .init("www.example.org - Silent Harbor 2011 1080p BluRay", "Silent Harbor", 2011, "Bluray-1080p"),
        .init(
            "[ www.example.org ] Silent.Harbor.2011.720p.BluRay-CORAL",
            "Silent Harbor",
            2011,
            "Bluray-720p",
            "CORAL"
        ),
        .init(
            "Silent.Harbor.2011.1080p.BluRay.DTS-HD.MA.5.1.x264-D-Z0N3",
            "Silent Harbor",
            2011,
            "Bluray-1080p",
            "D-Z0N3"
        ),
        .init("Silent.Harbor.2011.1080p.Blu-Ray", "Silent Harbor", 2011, "Bluray-1080p"),
        .init("Silent.Harbor.2011.1080p.WEB-DL", "Silent Harbor", 2011, "WEB-DL-1080p"),
        .init("Silent.Harbor.2011.1080p.BluRay.DTS-HD", "Silent Harbor", 2011, "Bluray-1080p"),
        .init("Silent.Harbor.2011.1080p.BluRay.x264-CORAL[site]", "Silent Harbor", 2011, "Bluray-1080p", "CORAL"),
        .init("Silent.Harbor.2011.4K.HDR.WEB-DL", "Silent Harbor", 2011, "WEB-DL-2160p"),
        .init("Silent.Harbor.2011.3840x2160.WEBRip.mkv", "Silent Harbor", 2011, "WEBRip-2160p"),
        .init("Space.Years.2000.1999.1080p.BluRay-X", "Space Years 2000", 1999, "Bluray-1080p", "X"),
        .init("Airport 1975 (1974) 720p", "Airport 1975", 1974, "Unknown-720p"),
        .init("U-571.2000.1080p.BluRay", "U-571", 2000, "Bluray-1080p"),
        .init("Star.Tales.Episode.4.The.Boat.1977.1080p.BluRay", "Star Tales Episode 4 The Boat", 1977, "Bluray-1080p"),
        .init("Heat.9.11.2004.720p.HDTV", "Heat 9 11", 2004, "HDTV-720p"),
        .init("The.Good.German.2006.1080p.BluRay", "The Good German", 2006, "Bluray-1080p"),
        .init("Der.Hafen.German.DL.2011.1080p.BluRay", "Der Hafen", 2011, "Bluray-1080p"),
        .init("Silent.Harbor.Directors.Cut.2011.1080p.BluRay", "Silent Harbor", 2011, "Bluray-1080p"),
        .init("The.Final.Cut.2004.1080p.BluRay", "The Final Cut", 2004, "Bluray-1080p"),
        .init("[GRP] District 13 (2004) [720p]", "District 13", 2004, "Unknown-720p", "GRP"),
        .init("Movie.2x4.2003.1080p.BluRay", "Movie 2x4", 2003, "Bluray-1080p"),
        .init("THX.1138.1971.1080p.BluRay", "THX 1138", 1971, "Bluray-1080p"),
        .init("Mission.Far.-.Away.2018.1080p.BluRay", "Mission Far - Away", 2018, "Bluray-1080p"),
        .init("Silent-Harbor-2011-1080p-BluRay", "Silent Harbor", 2011, "Bluray-1080p"),
        .init("silent.harbor.2011.1080p.bluray.x264-coral.nzb", "silent harbor", 2011, "Bluray-1080p", "coral"),
        .init("", ""),
        .init("....", ""),
        .init("   ", ""),
        .init("-", ""),
    ]

    @Test("reads movies", arguments: movies)
    func movie(sample: Sample) {
        let release = ReleaseName(sample.name)
        #expect(release.title == sample.title)
        #expect(release.year == sample.year)
        #expect(release.quality.name == sample.quality)
        #expect(release.group == sample.group)
        #expect(release.episodes == nil)
    }

    static let series: [(String, String, EpisodeNumbers)] = [
        ("Cold.Coast.S01E02.1080p.WEB.h264-NET", "Cold Coast", .episodes(season: 1, [2])),
        ("Cold Coast - S01E02 - The Boat.mkv", "Cold Coast", .episodes(season: 1, [2])),
        ("Cold.Coast.2019.S01E02.720p.HDTV", "Cold Coast", .episodes(season: 1, [2])),
        ("Cold.Coast.s1e2.hdtv", "Cold Coast", .episodes(season: 1, [2])),
        ("Cold.Coast.S01E02E03.1080p", "Cold Coast", .episodes(season: 1, [2, 3])),
        ("Cold.Coast.S01E02-E05.1080p", "Cold Coast", .episodes(season: 1, [2, 3, 4, 5])),
        ("Cold.Coast.S01E02-04.1080p", "Cold Coast", .episodes(season: 1, [2, 3, 4])),
        ("Cold.Coast.S01.E02.1080p", "Cold Coast", .episodes(season: 1, [2])),
        ("Cold.Coast.S00E01.Special.720p", "Cold Coast", .episodes(season: 0, [1])),
        ("Cold.Coast.S2019E101.1080p", "Cold Coast", .episodes(season: 2019, [101])),
        ("Cold Coast 1x02 The Boat", "Cold Coast", .episodes(season: 1, [2])),
        ("Cold.Coast.01x02x03.DVDRip", "Cold Coast", .episodes(season: 1, [2, 3])),
        ("Cold Coast Season 1 Episode 2 720p", "Cold Coast", .episodes(season: 1, [2])),
        ("Cold.Coast.S01.1080p.BluRay.x264-NET", "Cold Coast", .seasons([1])),
        ("Cold.Coast.S01-S03.1080p", "Cold Coast", .seasons([1, 2, 3])),
        ("Cold Coast Season 2 Complete 720p", "Cold Coast", .seasons([2])),
        ("Cold Coast Seasons 1-3 1080p", "Cold Coast", .seasons([1, 2, 3])),
        ("Cold.Coast.The.Complete.Series.1080p", "Cold Coast", .completeSeries),
        ("Late.Talk.2024.01.15.Some.Guest.1080p.WEB", "Late Talk", .airDate(year: 2024, month: 1, day: 15)),
        ("Late Talk 2024-01-15 720p", "Late Talk", .airDate(year: 2024, month: 1, day: 15)),
        ("Late.Talk.15.01.2024.HDTV", "Late Talk", .airDate(year: 2024, month: 1, day: 15)),
        ("[SeaSubs] Umi no Uta - 12 (1080p) [ABCD1234].mkv", "Umi no Uta", .absolute([12])),
        ("[SeaSubs] Umi no Uta - 12v2 [720p]", "Umi no Uta", .absolute([12])),
        ("[SeaSubs] Umi no Uta - 01-12 [BD 1080p]", "Umi no Uta", .absolute(Array(1...12))),
        ("[SeaSubs] Umi no Uta S2 - 05 [1080p]", "Umi no Uta", .episodes(season: 2, [5])),
        ("[SeaSubs] Umi no Uta - 1071 [1080p]", "Umi no Uta", .absolute([1071])),
        ("Umi.no.Uta.E12.1080p", "Umi no Uta", .absolute([12])),
        ("Umi no Uta Episode 12", "Umi no Uta", .absolute([12])),
        ("Cold.Coast.S01E02+E03.720p", "Cold Coast", .episodes(season: 1, [2, 3])),
        ("Cold.Coast.s01ep02.720p", "Cold Coast", .episodes(season: 1, [2])),
        ("Cold.Coast.1x02-1x04.720p", "Cold Coast", .episodes(season: 1, [2, 3, 4])),
        ("Cold.Coast.90210.S01E01.DVDRip", "Cold Coast 90210", .episodes(season: 1, [1])),
        ("The_Late_Talk_2024_03_11_720p", "The Late Talk", .airDate(year: 2024, month: 3, day: 11)),
        ("[SeaSubs] Umi no Uta 2nd Season - 05 [1080p].mkv", "Umi no Uta", .episodes(season: 2, [5])),
        ("[SeaSubs]_Umi_no_Uta_-_05_[720p]", "Umi no Uta", .absolute([5])),
        ("[SeaSubs] Umi no Uta 12 [720p].mkv", "Umi no Uta", .absolute([12])),
        ("[SeaSubs] 86 - Umi - 05 [1080p]", "86 - Umi", .absolute([5])),
        ("[SeaSubs] Umi 100 - 05 [1080p]", "Umi 100", .absolute([5])),
        ("1923.S01E01.1080p.WEB", "1923", .episodes(season: 1, [1])),
        ("Agents.of.S.H.I.E.L.D.S01E01.720p", "Agents of S.H.I.E.L.D.", .episodes(season: 1, [1])),
        ("S01E01.mkv", "", .episodes(season: 1, [1])),
    ]

    @Test("reads series", arguments: series)
    func episode(name: String, title: String, episodes: EpisodeNumbers) {
        let release = ReleaseName(name)
        #expect(release.title == title)
        #expect(release.episodes == episodes)
    }

    @Test("reads the year of a series")
    func yearOfSeries() {
        #expect(ReleaseName("Cold.Coast.2019.S01E02.720p").year == 2019)
        #expect(ReleaseName("Late.Talk.2024.01.15.720p").year == nil)
        #expect(ReleaseName("1923.S01E01.1080p").year == nil)
    }

    @Test("reads the technical tags")
    func tags() {
        let release = ReleaseName(
            "Silent.Harbor.2011.Directors.Cut.REPACK.2160p.UHD.BluRay.REMUX.DV.HDR10+.10bit.HEVC.TrueHD.7.1.Atmos-KELP"
        )
        #expect(release.videoCodec == "H.265")
        #expect(release.audioCodec == "TrueHD")
        #expect(release.audioChannels == "7.1")
        #expect(release.hasAtmos)
        #expect(release.hdr == ["DV", "HDR10+"])
        #expect(release.bitDepth == 10)
        #expect(release.edition == "Director's Cut")
        #expect(release.repack == 1)
        #expect(!release.isProper)
        #expect(!release.is3D)
    }

    @Test(
        "reads sound that is glued to its channels",
        arguments: [
            ("A.Film.2011.1080p.WEB-DL.DDP5.1.H.264-X", "EAC3", "5.1"),
            ("A.Film.2011.1080p.WEB-DL.DD5.1.H.264-X", "AC3", "5.1"),
            ("A.Film.2011.1080p.WEB-DL.AAC2.0.H.264-X", "AAC", "2.0"),
            ("A.Film.2011.1080p.BluRay.DTS-HD.MA.5.1.x264-X", "DTS-HD MA", "5.1"),
            ("A.Film.2011.1080p.BluRay.DTS.x264-X", "DTS", nil),
            ("A Film 2011 1080p BluRay AAC 6CH x264", "AAC", "5.1"),
            ("A.Film.2011.1080p.BluRay.FLAC.1.0.x264-X", "FLAC", "1.0"),
        ] as [(String, String, String?)]
    )
    func sound(name: String, codec: String, channels: String?) {
        let release = ReleaseName(name)
        #expect(release.audioCodec == codec)
        #expect(release.audioChannels == channels)
    }

    @Test("reads languages only behind the title")
    func languages() {
        #expect(ReleaseName("A.Film.2011.GERMAN.DL.1080p.BluRay-X").languages == ["de"])
        #expect(ReleaseName("The.German.Doctor.2013.1080p.BluRay-X").languages == [])
        #expect(ReleaseName("A.Film.2011.iTA-ENG.1080p.BluRay-X").languages == ["it", "en"])
    }

    @Test("reads proper and 3D")
    func properAnd3D() {
        #expect(ReleaseName("A.Film.2011.PROPER.1080p.BluRay-X").isProper)
        #expect(ReleaseName("A.Film.2011.3D.HSBS.1080p.BluRay-X").is3D)
    }

    @Test("stays quick and calm with a name of 10 KB")
    func overlong() {
        let release = ReleaseName(String(repeating: "Long.Name.", count: 1000) + "2011.1080p.BluRay")
        #expect(release.title.count <= ReleaseName.longest)
        #expect(release.year == nil)
    }

    @Test(
        "survives hostile names",
        arguments: [
            "S99999999999E1", "((((((", "]]]]", "S01E01-E9999", "\u{0}\u{1}", "1x", "e", "s", "👩‍👩‍👧.2011", "[a", "[]x",
            "- 1 -", "2011",
        ]
    )
    func hostile(name: String) {
        #expect(ReleaseName(name).title.count <= name.count)
    }
}
