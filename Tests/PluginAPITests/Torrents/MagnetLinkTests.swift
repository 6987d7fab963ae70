import Testing

@testable import PluginAPI

struct MagnetLinkTests {
    private static let v1 = "c1e5ba54fc427b4bdb818dc8d2645bb227b1f488"
    private static let v2 = String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "reads the info hashes",
        arguments: [
            ("magnet:?xt=urn:btih:\(v1)", v1, nil),
            ("MAGNET:?dn=x&XT=urn:BTIH:\(v1.uppercased())&tr=http://t", v1, nil),
            ("magnet:?xt=urn%3Abtih%3A\(v1)", v1, nil),
            ("magnet:?xt=urn:btih:YHS3UVH4IJ5UXW4BRXENEZC3WIT3D5EI", v1, nil),
            ("magnet:?xt=urn:btih:yhs3uvh4ij5uxw4brxenezc3wit3d5ei", v1, nil),
            ("magnet:?xt=urn:btmh:1220\(v2)", nil, v2),
            ("magnet:?xt=urn:btih:\(v1)&xt=urn:btmh:1220\(v2)", v1, v2),
            ("magnet:?xt.1=urn:btih:\(v1)&xt.2=urn:btmh:1220\(v2)", v1, v2),
        ] as [(String, String?, String?)]
    )
    func hashes(link: String, v1: String?, v2: String?) throws {
        #expect(try MagnetLink(link).hashes == InfoHashes(v1: v1, v2: v2))
    }

    @Test(
        "refuses what names no torrent",
        arguments: [
            "", "magnet:", "magnet:?", "magnet:?dn=x", "magnet:?xt=", "magnet:?xt=urn:btih:",
            "magnet:?xt=urn:sha1:\(v1)",
            "magnet:?xt=urn:btih:\(v1)0", "magnet:?xt=urn:btih:g\(v1.dropFirst())", "http://a/b",
            "magnet:?xt=urn:btih:YHS3UVH4IJ5UXW4BRXENEZC3WIT3D5E1", "magnet:?xt=urn:btmh:1320\(v2)",
            "magnet:?xt=urn:btmh:1220\(v2)00", "magnet:?xt=urn:btmh:\(v2)", "magnet:?xt=urn:btih:é\(v1.dropFirst(2))",
        ]
    )
    func refuses(link: String) {
        #expect(throws: PluginError.self) { try MagnetLink(link) }
    }

    @Test(
        "refuses what could be read as two torrents",
        arguments: [
            "magnet:?xt=urn:btih:\(v1)&dn=a\nmagnet:?xt=urn:btih:\(v1)", "magnet:?xt=urn:btih:\(v1)&dn=a\rb",
            "magnet:?xt=urn:btih:\(v1)&dn=a\0",
            "magnet:?xt=urn:btih:\(v1)&xt=urn:btih:YHS3UVH4IJ5UXW4BRXENEZC3WIT3D5EA",
        ]
    )
    func ambiguous(link: String) {
        #expect(throws: PluginError.self) { try MagnetLink(link) }
    }

    @Test("a link begins as clients know it, however it was written")
    func capitals() throws {
        #expect(try MagnetLink("MAGNET:?XT=urn:btih:\(Self.v1)&dn=A").link == "magnet:?XT=urn:btih:\(Self.v1)&dn=A")
    }

    @Test("the same hash twice is one torrent, and blanks around a link are not part of it")
    func harmless() throws {
        let link = "magnet:?xt=urn:btih:\(Self.v1)&xt=urn:btih:YHS3UVH4IJ5UXW4BRXENEZC3WIT3D5EI&dn=A b"
        let magnet = try MagnetLink(" \n\(link)\r\n")
        #expect(magnet.link == link && magnet.hashes == InfoHashes(v1: Self.v1) && magnet.name == "A b")
    }

    @Test("an overlong link is refused")
    func overlong() {
        let link = "magnet:?xt=urn:btih:\(Self.v1)&dn=" + String(repeating: "x", count: 70_000)
        #expect(throws: PluginError.self) { try MagnetLink(link) }
    }

    @Test("a v2 hash is shortened to the id under which clients list it")
    func candidates() {
        let short = String(Self.v2.prefix(40))
        #expect(InfoHashes(v2: Self.v2).candidates == [short])
        #expect(InfoHashes(v1: Self.v1, v2: Self.v2).candidates == [short, Self.v1])
        #expect(InfoHashes(v2: Self.v2).preferred == Self.v2)
    }

    @Test(
        "reads what the torrent is called",
        arguments: [
            ("dn=a", "a"), ("dn=Night%20%26%20Day", "Night & Day"), ("dn=Night+and+Day", "Night and Day"),
            ("dn=1%2B1", "1+1"), ("DN=a", "a"), ("dn=&dn=b", "b"), ("dn=a=b", "a=b"), ("dn=Am%C3%A9lie", "Amélie"),
            ("dn=50%", "50%"), ("dn=a%2", "a%2"), ("dn=%FF%20", "%FF%20"), ("dn=%zz", "%zz"), ("dn=", nil),
            ("x=y", nil),
        ] as [(String, String?)]
    )
    func name(field: String, name: String?) throws {
        #expect(try MagnetLink("magnet:?xt=urn:btih:\(Self.v1)&\(field)").name == name)
    }

    @Test("keeps the link as it was given, but for the scheme: some clients know only the lower-case one")
    func link() throws {
        let rest = "?xt=urn:btih:\(Self.v1.uppercased())&dn=A%20b"
        #expect(try MagnetLink("MAGNET:" + rest).link == "magnet:" + rest)
    }
}
