import PluginAPI
import Testing

@testable import QBittorrent

struct NamingTests {
    @Test("a magnet takes a name only when it has none")
    func naming() throws {
        let magnet = "magnet:?xt=urn:btih:\(Recording.film)"
        #expect(try MagnetLink(magnet + "&dn=a").named("b").hasSuffix("&dn=a"))
        #expect(try MagnetLink(magnet).named("b c").hasSuffix("&dn=b%20c"))
        #expect(try MagnetLink(magnet).named(nil).hasSuffix(Recording.film))
    }
}
