import FoundationEssentials
import PluginAPI
import Testing

@testable import Torznab

@Suite("Fetching a release", .timeLimit(.minutes(1)))
struct FetchTests {
    private static let torrent = Data(
        "d8:announce25:http://127.0.0.1/announce4:infod6:lengthi5e4:name5:a.txt12:piece lengthi16384e6:pieces20:01234567890123456789ee"
            .utf8
    )
    private static let nzb = Data(
        """
        <?xml version="1.0"?><!DOCTYPE nzb PUBLIC "-//newzBin//DTD NZB 1.1//EN" "http://www.newzbin.com/DTD/nzb/nzb-1.1.dtd">
        <nzb xmlns="http://www.newzbin.com/DTD/2003/nzb"><file><segments><segment>a@b</segment></segments></file></nzb>
        """.utf8
    )
    private static let magnet = "magnet:?xt=urn:btih:c1e5ba54fc427b4bdb818dc8d2645bb227b1f488&dn=A film [1968]"
    private static let link = "http://127.0.0.1/dl/1?passkey=p4ssk3y-0123456789"

    private func failure(_ rig: Rig, _ link: String = link) async throws -> PluginError {
        let error = try #require(await #expect(throws: PluginError.self) { try await rig.indexer.fetch(link) })
        #expect(!RecordedHost.leaks(error, of: ["p4ssk3y-0123456789", Rig.key]))
        return error
    }

    @Test("a torrent and an NZB are known by their content")
    func files() async throws {
        for (file, source) in [(Self.torrent, PluginManifest.Source.torrent), (Self.nzb, .nzb)] {
            let rig = try Rig()
            rig.serve("/dl/1", file)
            let content = try await rig.indexer.fetch(Self.link)
            #expect(content.source == .known(source) && content.file == file && content.link.isEmpty)
        }
    }

    @Test("a magnet is itself, whether it is the link, the end of redirects, or the body")
    func magnets() async throws {
        let rig = try Rig()
        rig.serve("/dl/1", status: 302, location: "/dl/2")
        rig.serve("/dl/2", status: 301, location: Self.magnet)
        rig.serve("/dl/3", Data((Self.magnet + "\n").utf8))
        for link in [Self.magnet, Self.link, "http://127.0.0.1/dl/3"] {
            let content = try await rig.indexer.fetch(link)
            #expect(content.source == .magnet && content.link == Self.magnet && content.file == nil)
        }
    }

    @Test("a redirect to MAGNET: is one to a magnet, as clients write it")
    func capitals() async throws {
        let rig = try Rig()
        rig.serve("/dl/1", status: 302, location: "MAGNET" + Self.magnet.dropFirst("magnet".count))
        #expect(try await rig.indexer.fetch(Self.link).link == Self.magnet)
    }

    @Test("another host that refuses says nothing about the key", arguments: [401, 403])
    func otherHost(status: Int) async throws {
        let rig = try Rig()
        rig.serve("/dl/1", status: 302, location: "http://files.invalid/dl/2?t=1")
        rig.serve("/dl/2", status: status)
        let error = try await failure(rig)
        #expect(error.code.value == .badResponse && error.message.contains("files.invalid") && error.field == nil)
        rig.serve("/dl/1", status: status)
        #expect(try await failure(rig).field == "apiKey")
    }

    @Test("redirects end after a few, at what is no address, and at files of this machine")
    func redirects() async throws {
        for target in ["/dl/1", "file:///etc/passwd", ""] {
            let rig = try Rig()
            rig.serve("/dl/1", status: 302, location: target)
            #expect(try await failure(rig).code.value == .badResponse, "\(target)")
            #expect(rig.host.requests.count <= 6)
        }
    }

    @Test(
        "what is neither is told in words",
        arguments: [
            ("", "empty"), ("<!doctype html><html>Log in</html>", "web page"), ("d3:foo", "no torrent"),
            ("d4:infod4:name1:aee", "no torrent"), ("hello", "neither"), ("<rss></rss>", "<rss>"),
            ("<nzb></nzb>", "no articles"), ("<nzb><file><segments><segment>a", "ends in the middle"),
            ("<!DOCTYPE nzb [<!ENTITY a 'x'>]><nzb>&a;</nzb>", "entities"), ("PK\u{3}\u{4}", "neither"),
        ]
    )
    func strange(body: String, words: String) async throws {
        let rig = try Rig()
        rig.serve("/dl/1", Data(body.utf8))
        let error = try await failure(rig)
        #expect(error.code.value == .badResponse && error.message.contains(words), "\(error.message)")
    }

    @Test(
        "errors of the API and statuses mean what they do elsewhere",
        arguments: [
            (200, "<error code='300' description='No such item'/>", PluginError.Code.notFound),
            (200, "<error code='100' description='Wrong key'/>", .unauthorized),
            (429, "<error code='501' description='Enough'/>", .rateLimited), (404, "", .notFound), (410, "", .notFound),
            (403, "<html>", .forbidden), (500, "", .remoteFailure), (503, "", .unreachable), (429, "", .rateLimited),
        ]
    )
    func faults(status: Int, body: String, expected: PluginError.Code) async throws {
        let rig = try Rig()
        rig.serve("/dl/1", Data(body.utf8), status: status)
        #expect(try await failure(rig).code.value == expected)
    }

    @Test("a file has a largest size, and a failing connection is told without the address")
    func limits() async throws {
        let rig = try Rig()
        rig.host.always(.init("GET", "/dl/1", failing: PluginError(.badResponse, "The body is too large.")))
        _ = try await failure(rig)
        #expect(rig.host.requests.map(\.maxBytes) == [ReleaseFetcher.largestFile])
        #expect(rig.host.requests.allSatisfy { !$0.followsRedirects })
    }

    @Test("what is no address and no magnet is refused", arguments: ["", "ftp://a/b", "/etc/passwd", "magnet:?dn=x"])
    func links(link: String) async throws {
        let rig = try Rig()
        _ = try await failure(rig, link)
        #expect(rig.host.requests.isEmpty)
    }
}
