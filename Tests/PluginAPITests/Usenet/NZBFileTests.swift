import FoundationEssentials
import PluginAPI
import Testing

struct NZBFileTests {
    private static func nzb(head: String = "", prolog: String = "", end: String = "</nzb>") -> Data {
        let articles = #"<segment bytes="100" number="1">a@b</segment><segment bytes="23" number="2">c@d</segment>"#
        let body = "<nzb xmlns=\"http://www.newzbin.com/DTD/2003/nzb\"><head>\(head)</head><file><segments>\(articles)"
        return Data("\(prolog)\(body)</segments></file>\(end)".utf8)
    }

    @Test("the head's title and password, the articles and their size")
    func reads() throws {
        let head = """
            <meta type="title">A &amp; B&#33;</meta><meta type='password'>se&lt;same</meta><meta type="title">no</meta>
            """
        let file = try NZBFile(Self.nzb(head: head))
        #expect(file.title == "A & B!" && file.password == "se<same")
        #expect(file.articles == 2 && file.size == 123 && file.identity.count == 64)
    }

    @Test("the same articles are the same NZB, whatever stands around them")
    func identity() throws {
        let one = try NZBFile(Self.nzb())
        let prolog = "<?xml version=\"1.0\"?>\n<!-- x -->\n<!DOCTYPE nzb PUBLIC \"a\" \"b\">\n"
        let other = try NZBFile(Self.nzb(head: "<meta type=\"title\">T</meta>", prolog: "\u{FEFF}" + prolog))
        #expect(one.identity == other.identity && one.title == nil)
    }

    @Test(
        "what is no NZB is refused in words",
        arguments: [
            ("", "empty"), ("hello", "begin as XML"), ("<html><body></body></html>", "web page"),
            ("<!DOCTYPE html><p>", "web page"), ("<rss></rss>", "<rss>"), ("<nzb></nzb>", "no articles"),
            ("<error code=\"100\" description=\"Wrong key\"/>", "Wrong key"), ("\u{1F}", "begin as XML"),
            ("PK\u{3}\u{4}", "zip archive"), ("<!DOCTYPE nzb [<!ENTITY a \"b\">]><nzb/>", "entities"),
            ("<?xml", "cut off"),
        ]
    )
    func refuses(text: String, words: String) {
        let error = #expect(throws: PluginError.self) { try NZBFile(Data(text.utf8)) }
        #expect(error?.code.value == .invalid && error?.field == "file")
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test("a file that is cut off is refused")
    func truncated() {
        let error = #expect(throws: PluginError.self) { try NZBFile(Self.nzb(end: "")) }
        #expect(error?.message.contains("cut off") == true)
    }

    @Test("entities are not expanded and bombs cost nothing")
    func bombs() throws {
        let head = "<meta type=\"title\">\(String(repeating: "&lol;", count: 100_000))</meta>"
        let file = try NZBFile(Self.nzb(head: head))
        #expect((file.title?.count ?? 0) <= 1000)
    }

    @Test("a file beyond the limit is not looked into")
    func large() {
        let error = #expect(throws: PluginError.self) { try NZBFile(Data(count: NZBFile.largestFile + 1)) }
        #expect(error?.message.contains("64 MiB") == true)
    }
}
