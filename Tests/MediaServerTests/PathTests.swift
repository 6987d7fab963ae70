import Testing

@testable import MediaServer

@Suite("Paths of media servers")
struct PathTests {
    @Test(
        "are mapped by the longest mapping of whole folder names",
        arguments: [
            ("/srv/films/a.mkv", "/media/a.mkv"), ("/srv/films", "/media"), ("/srv/films2/a.mkv", "/srv/films2/a.mkv"),
            ("/srv/films/4k/a.mkv", "/uhd/a.mkv"), ("/tv/Show/e 1.mkv", #"D:\tv\Show\e 1.mkv"#), ("/other", "/other"),
        ]
    )
    func mapped(path: String, result: String) {
        let map = PathMap(["/srv/films/": "/media", "/srv/films/4k": "/uhd/", "/tv": #"D:\tv"#])
        #expect(map.mapped(path) == result)
    }

    @Test("the root can be mapped")
    func root() {
        #expect(PathMap(["/": "/mnt"]).mapped("/films/a") == "/mnt/films/a")
    }

    @Test(
        "lie in a library by whole folder names, on Windows in any case",
        arguments: [
            ("/media/films", "/media/films/a/b.mkv", true), ("/media/films/", "/media/films", true),
            ("/media/films", "/media/films2/a.mkv", false), (#"D:\Films"#, #"d:\films\A\b.mkv"#, true),
            (#"\\NAS\films"#, #"\\nas\Films\a.mkv"#, true), ("/Media", "/media/a", false), ("", "/a", false),
        ]
    )
    func holds(folder: String, path: String, result: Bool) {
        #expect(MediaLibrary(id: "1", name: "", folders: [folder]).holds(path) == result)
    }

    @Test(
        "have a parent",
        arguments: [("/a/b/c.mkv", "/a/b"), ("/a", "/"), (#"D:\a\b.mkv"#, #"D:\a"#), ("D:/a/b.mkv", "D:/a")]
    )
    func parent(path: String, folder: String) {
        #expect(MediaPath.parent(path) == folder)
    }
}
