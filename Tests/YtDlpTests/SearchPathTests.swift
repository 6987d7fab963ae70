import Testing

@testable import YtDlp

@Suite("Where programs are looked for")
struct SearchPathTests {
    @Test("the search path comes first, then the usual folders, each of them once")
    func order() {
        let path = SearchPath("/srv/bin:bin::/usr/bin", home: "/home/me").text
        #expect(path == "/srv/bin:/usr/bin:/home/me/.local/bin:/usr/local/bin:/bin:/opt/yt-dlp/bin")
    }

    @Test("without a search path and a home there are the usual folders", arguments: ["", "."])
    func nothing(path: String) {
        #expect(SearchPath(path, home: nil).text == "/usr/local/bin:/usr/bin:/bin:/opt/yt-dlp/bin")
        #expect(SearchPath(path, home: nil).find("sh")?.hasSuffix("/bin/sh") == true)
        #expect(SearchPath(path, home: nil).find("no-such-program") == nil)
    }
}
