import FoundationEssentials
import PluginAPI
import Testing

@testable import Torznab

@Suite("Feeds")
struct FeedTests {
    private func releases(_ xml: String) throws -> [Release] {
        let feed = Feed()
        try XMLReader.read(Data(xml.utf8), into: DocumentReading(feed))
        return feed.items.compactMap(\.release)
    }

    @Test("every attribute of a torrent is read")
    func torrent() throws {
        let release = try #require(try releases(Rig.sample("jackett-search")).first)
        #expect(release.title == "Night of the Living Dead 1968 REMASTERED 1080p BluRay x264-RIG")
        #expect(release.downloadProtocol == .torrent)
        #expect(release.guid == "https://tracker.invalid/details.php?id=4711")
        #expect(release.infoURL == "https://tracker.invalid/details.php?id=4711")
        #expect(release.link.hasPrefix("http://127.0.0.1:9117/dl/tracker/?jackett_apikey="))
        #expect(release.size == 8_589_934_592 && release.files == 3 && release.grabs == 57)
        #expect(release.seeders == 12 && release.leechers == 3)
        #expect(release.published == "2026-11-21T18:45:30Z")
        #expect(release.categories == [2000, 2040, 100_042])
        #expect(release.imdbID == "tt0063350" && release.tmdbID == 10331 && release.tvdbID == nil)
        #expect(release.downloadVolumeFactor == 0 && release.uploadVolumeFactor == 1)
        #expect(release.minimumRatio == 1 && release.minimumSeedTime == 172_800)
        #expect(release.attributes == ["genre": ["Horror, Classic"], "year": ["1968"]])
    }

    @Test("a release that is only a magnet has its hash, and a size of 0 is none")
    func magnet() throws {
        let release = try releases(Rig.sample("jackett-search"))[1]
        #expect(release.link.hasPrefix("magnet:?xt=urn:btih:C1E5"))
        #expect(release.infoHash == "c1e5ba54fc427b4bdb818dc8d2645bb227b1f488")
        #expect(release.size == nil && release.seeders == 0 && release.leechers == 2)
        #expect(release.infoURL == nil)
    }

    @Test("an item without a title, or with nothing to download, is left out")
    func incomplete() throws {
        #expect(try releases(Rig.sample("jackett-search")).count == 2)
    }

    @Test("a release of Usenet has its own date and no page whose address looks like a key")
    func usenet() throws {
        let release = try #require(try releases(Rig.sample("newznab-search")).first)
        #expect(release.downloadProtocol == .usenet && release.seeders == nil && release.infoHash == nil)
        #expect(release.published == "2026-11-21T19:00:00Z")
        #expect(release.tvdbID == 81189 && release.files == 42)
        #expect(release.attributes?["password"] == ["0"] && release.attributes?["group"] == ["alt.binaries.test"])
        #expect(release.attributes?["season"] == ["S01"])
        #expect(release.infoURL == nil)
    }

    @Test(
        "what an item says of itself decides how it is downloaded",
        arguments: [
            ("<enclosure url='http://a/1' type='application/x-nzb'/>", DownloadProtocol.usenet),
            ("<enclosure url='http://a/1' type='application/x-bittorrent'/>", .torrent),
            ("<torznab:attr name='seeders' value='1'/>", .torrent), ("<newznab:attr name='group' value='a'/>", .usenet),
            ("<newznab:attr name='size' value='1'/>", .usenet), ("<torznab:attr name='size' value='1'/>", .torrent),
            ("<newznab:attr name='infohash' value='x'/>", .torrent), ("", .torrent),
        ]
    )
    func form(extra: String, form: DownloadProtocol) throws {
        let xml = "<rss><channel><item><title>T</title><link>http://a/1</link>\(extra)</item></channel></rss>"
        #expect(try releases(xml).first?.downloadProtocol == .known(form))
    }

    @Test("elements of other extensions are not those of RSS, and a picture is nothing to download")
    func extensions() throws {
        let xml = """
            <rss xmlns:media="m" xmlns:slash="s"><channel><item><title>T</title><media:title>Another</media:title>
            <link>http://a/page</link><enclosure url="http://a/1.torrent" length="5" type="application/x-bittorrent"/>
            <enclosure url="http://a/2.jpg" length="9" type="image/jpeg"/><enclosure url="http://a/3" type="text/plain"/>
            </item></channel></rss>
            """
        let release = try #require(try releases(xml).first)
        #expect(release.title == "T" && release.link == "http://a/1.torrent" && release.size == 5)
    }

    @Test("values that make no sense are left out")
    func nonsense() throws {
        let names = ["seeders", "size", "grabs", "files", "imdb", "tmdbid", "infohash", "minimumratio", "category"]
        for value in ["-1", "x", "", "99999999999999999999", "nan", "1e400"] {
            let attributes = names.map { "<torznab:attr name='\($0)' value='\(value)'/>" }.joined()
            let xml = "<rss><channel><item><title>T</title><link>http://a/1</link>\(attributes)</item></channel></rss>"
            let release = try #require(try releases(xml).first)
            #expect(release.seeders == nil && release.size == nil && release.grabs == nil && release.files == nil)
            #expect(release.imdbID == nil && release.tmdbID == nil && release.infoHash == nil)
            #expect(release.minimumRatio == nil && release.categories.isEmpty)
        }
    }

    @Test(
        "times are read as feeds write them",
        arguments: [
            ("Sat, 21 Nov 2026 20:00:00 +0000", "2026-11-21T20:00:00Z"),
            ("21 Nov 2026 20:00:00 -0500", "2026-11-22T01:00:00Z"),
            ("Sun, 29 Feb 2032 23:59:59 GMT", "2032-02-29T23:59:59Z"), ("2026-11-21T20:00:00Z", "2026-11-21T20:00:00Z"),
            ("Thu, 01 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z"),
            ("Fri, 01 Mar 2024 00:30 +01:00", "2024-02-29T23:30:00Z"),
        ]
    )
    func dates(text: String, expected: String) {
        #expect(FeedDate(text)?.text == expected)
    }

    @Test(
        "what is no time is none",
        arguments: ["", "yesterday", "32 Nov 2026 20:00:00", "Sat, 21 Nov 0001 20:00:00 +0000", "1 Foo 2026 1:2:3"]
    )
    func noDate(text: String) {
        #expect(FeedDate(text) == nil)
    }
}
