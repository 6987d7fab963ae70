import PluginAPI
import Testing

@testable import Host

@Suite("What an address leads to")
struct AddressKindTests {
    @Test(
        "is told by the end of its path",
        arguments: [
            ("http://a/x.torrent", AddressKind.torrent), ("http://a/x.TORRENT?key=1#f", .torrent),
            ("https://a/x.nzb?apikey=1", .nzb), ("http://a/x.nzb.gz", .nzb), ("http://a/watch?v=x.torrent", .page),
            ("http://a/film.mp4?t=1", .file), ("http://a/x.ISO", .file), ("ftp://me@a/x", .file), ("sftp://a/x", .file),
            ("http://a/x.metalink", .file), ("http://a/", .page), ("http://a", .page), ("http://a.zip", .page),
            ("http://a/watch.php", .page), ("http://a/api?t=get&id=1&apikey=2", .likelyNZB),
            ("http://a/getnzb/api/1", .likelyNZB), ("http://a/watch?t=getaway", .page),
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
            ("http://a/x.iso", [.torrent, .url], .url), ("http://a/api?t=get", [.nzb, .url], .usenet),
        ]
    )
    func protocols(address: String, sources: [PluginManifest.Source], expected: DownloadProtocol) {
        #expect(AddressKind(address).downloadProtocol(with: sources.map(Open.known)) == expected)
    }

    @Test(
        "goes to clients that are made for it, and then to those that may know better",
        arguments: [
            ("http://a/x.torrent", ["torrents", "both"]), ("http://a/x.nzb", ["usenet"]),
            ("http://a/x.iso", ["pages", "torrents", "both"]), ("ftp://a/x", ["pages", "torrents", "both"]),
            ("http://a/watch", ["pages", "torrents", "both", "usenet"]),
            ("http://a/api?t=get&id=1", ["usenet", "pages", "torrents", "both"]),
        ]
    )
    func order(address: String, names: [String]) {
        let sources: [String: [PluginManifest.Source]] = [
            "usenet": [.nzb, .url], "torrents": [.magnet, .torrent, .url], "pages": [.url], "both": [.torrent, .url],
        ]
        let clients = ["usenet", "torrents", "pages", "both"].map { HostWorld.instance($0) }
        let sorted = AddressKind(address).sorted(clients) { (sources[$0.name] ?? []).map(Open.known) }
        #expect(sorted.map(\.name) == names)
    }

    @Test(
        "is a torrent's when the client calls the download by an info hash",
        arguments: [
            (AddedDownload(id: "2089b05ecca3d829"), false), (AddedDownload(id: "7", infoHash: Samples.hash(1)), true),
            (AddedDownload(id: Samples.hash(1)), true), (AddedDownload(id: String(repeating: "z", count: 40)), false),
        ]
    )
    func torrents(answer: AddedDownload, isTorrent: Bool) {
        #expect(answer.isTorrent == isTorrent)
    }
}
