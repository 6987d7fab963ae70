import Testing

@testable import Host

struct PathMappingTests {
    @Test(
        "maps on the borders of components",
        arguments: [
            ("/downloads", "/mnt/data", "/downloads/a/b.mkv", "/mnt/data/a/b.mkv"),
            ("/downloads/", "/mnt/data/", "/downloads/a", "/mnt/data/a"),
            ("/downloads", "/mnt/data", "/downloads", "/mnt/data"),
            ("/downloads/", "/mnt/data/", "/downloads/", "/mnt/data"),
            ("/downloads", "/mnt/data", "/downloads//a/./b/", "/mnt/data/a/b"),
            ("/", "/mnt/host", "/downloads/a", "/mnt/host/downloads/a"),
            ("/downloads", "/", "/downloads/a", "/a"),
            (#"C:\Downloads"#, "/mnt/c", #"C:\Downloads\Film\a.mkv"#, "/mnt/c/Film/a.mkv"),
            (#"c:\downloads\"#, "/mnt/c", "C:/Downloads/Film", "/mnt/c/Film"),
            (#"\\nas\share"#, "/mnt/nas", #"\\NAS\share\Film"#, "/mnt/nas/Film"),
            (#"\\nas\share"#, "/mnt/nas", "//nas/share/Film", "/mnt/nas/Film"),
            ("/downloads", "/mnt", "//downloads/Film", "/mnt/Film"),
            ("/downloads", "/mnt", #"/downloads/AC\DC"#, #"/mnt/AC\DC"#),
            ("/downloads", "/mnt", "/downloads/Ünïcode 千", "/mnt/Ünïcode 千"),
        ]
    )
    func maps(remote: String, local: String, path: String, expected: String) {
        let mapped = PathMappings([PathMapping(remote: remote, local: local)]).resolve(path)
        #expect(mapped.local == expected)
        #expect(mapped.remote == path)
        #expect(mapped.isMapped)
    }

    @Test(
        "leaves alone what does not fit",
        arguments: [
            "/downloads2/a", "/Downloads/a", "/download", "downloads/a", "", "/", #"C:\downloads"#, "/downloads/../etc",
        ]
    )
    func leaves(path: String) {
        let mapped = PathMappings([PathMapping(remote: "/downloads", local: "/mnt/data")]).resolve(path)
        #expect(mapped.local == path)
        #expect(!mapped.isMapped)
    }

    @Test("prefers the longest mapping, whatever their order")
    func longest() {
        let short = PathMapping(remote: "/downloads", local: "/a")
        let long = PathMapping(remote: "/downloads/tv", local: "/b")
        for list in [[short, long], [long, short]] {
            #expect(PathMappings(list).resolve("/downloads/tv/x").local == "/b/x")
            #expect(PathMappings(list).resolve("/downloads/tvx").local == "/a/tvx")
        }
    }

    @Test("ignores a mapping that is empty")
    func empty() {
        let mappings = PathMappings([PathMapping(remote: "", local: "/x"), PathMapping(remote: "/d", local: "")])
        #expect(mappings.resolve("/d/a").local == "/d/a")
    }
}
