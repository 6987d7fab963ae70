import PluginAPI
import Testing

@testable import Host

@Suite("What an address leads to")
struct AddressKindTests {
    @Test(
        "is told by the end of its path",
        arguments: [
            ("http://a/x.torrent", AddressKind.torrent), ("http://a/x.TORRENT?key=1#f", .torrent),
            ("https://a/x.nzb?apikey=1", .nzb), ("http://a/watch?v=x.torrent", .page), ("http://a/film.mp4", .page),
        ]
    )
    func kinds(address: String, kind: AddressKind) {
        #expect(AddressKind(address) == kind)
    }

    @Test(
        "is downloaded as the client does that which takes it",
        arguments: [
            ("http://a/watch", [PluginManifest.Source.url], DownloadProtocol.url),
            ("http://a/watch", [.magnet, .url], .torrent), ("http://a/watch", [.nzb, .url], .usenet),
            ("http://a/x.nzb", [.nzb, .url], .usenet), ("http://a/x.torrent", [.torrent, .url], .torrent),
        ]
    )
    func protocols(address: String, sources: [PluginManifest.Source], expected: DownloadProtocol) {
        #expect(AddressKind(address).downloadProtocol(with: sources.map(Open.known)) == expected)
    }
}
