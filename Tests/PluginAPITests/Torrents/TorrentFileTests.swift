import FoundationEssentials
import Testing

@testable import PluginAPI

struct TorrentFileTests {
    @Test("hashes the info as it stands")
    func hashes() throws {
        #expect(try TorrentFile(TorrentSamples.v1Torrent).hashes == InfoHashes(v1: TorrentSamples.v1Hash))
        #expect(try TorrentFile(TorrentSamples.v2Torrent).hashes == InfoHashes(v2: TorrentSamples.v2Hash))
        let hybrid = InfoHashes(v1: TorrentSamples.hybridHashes.0, v2: TorrentSamples.hybridHashes.1)
        #expect(try TorrentFile(TorrentSamples.hybridTorrent).hashes == hybrid)
    }

    @Test(
        "refuses what is no torrent",
        arguments: [
            "", "d", "de", "le", "i1e", "4:info", "d4:infodee", "d4:info5:hello3:fooi1ee", "d4:infod6:pieces0:e",
            "d4:infod6:pieces0:eex", "d4:infod6:pieces0:e4:infod6:pieces0:ee", "d4:infod6:pieces01:aee",
            "d4:infod6:pieces99999999999999999999:aee", "d4:infod6:pieces9:aee", "d1:ai01e4:infod6:pieces0:ee",
            "d1:ai-0e4:infod6:pieces0:ee", "d1:aie4:infod6:pieces0:ee", "d1:ai9223372036854775808e4:infod6:pieces0:ee",
            "d1:ai-9223372036854775809e4:infod6:pieces0:ee", "di1e4:infod6:pieces0:ee", "d4:infod12:meta versioni3eee",
            "d4:infod12:meta version1:2ee", "<html>login</html>", "d-1:a4:infod6:pieces0:ee",
            "d1:ai1 e4:infod6:pieces0:ee",
        ]
    )
    func refuses(text: String) {
        #expect(throws: PluginError.self) { try TorrentFile(Data(text.utf8)) }
    }

    @Test("takes the largest numbers and keys out of order")
    func accepts() throws {
        let text = "d1:zi9223372036854775807e1:ai-9223372036854775808e4:infod6:pieces0:ee"
        #expect(try TorrentFile(Data(text.utf8)).hashes.v1?.count == 40)
    }

    @Test("deep nesting is refused and does not crash", arguments: ["l", "d1:a"])
    func nesting(opening: String) {
        let text = "d1:x" + String(repeating: opening, count: 200_000)
        #expect(throws: PluginError.self) { try TorrentFile(Data(text.utf8)) }
    }

    @Test("a cut torrent is refused at every length")
    func truncated() {
        for length in 0..<TorrentSamples.v1Torrent.count {
            #expect(throws: PluginError.self) { try TorrentFile(TorrentSamples.v1Torrent.prefix(length)) }
        }
    }

    @Test("a web page in place of a torrent is named")
    func webPage() {
        let error = #expect(throws: PluginError.self) { try TorrentFile(Data("\n <!DOCTYPE html>".utf8)) }
        #expect(error?.message.contains("web page") == true)
    }

    @Test(
        "reads what the torrent calls itself",
        arguments: [
            ("4:name5:a.txt", "a.txt"), ("", nil), ("4:name0:", ""), ("4:name7:Amélie", "Amélie"),
            ("4:name1:\u{7f}", "\u{7f}"),
        ] as [(String, String?)]
    )
    func name(member: String, name: String?) throws {
        #expect(try TorrentFile(Data("d4:infod\(member)6:pieces0:ee".utf8)).name == name)
    }

    @Test("refuses a name that is not a string")
    func wrongName() {
        #expect(throws: PluginError.self) { try TorrentFile(Data("d4:infod4:namei1e6:pieces0:ee".utf8)) }
    }
}
