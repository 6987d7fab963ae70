import FoundationEssentials
import PluginAPI
import Testing

@testable import Transmission

struct ItemTests {
    private func recorded(_ name: String) throws -> DownloadItem {
        let body = try Rig().recording.exchange(name).response.body
        let torrent = try #require(body?["arguments"]?["torrents"]?.array?.first)
        return try JSONDecoder().decode(Torrent.self, from: JSONEncoder().encode(torrent)).item(preferring: "kinodock")
    }

    private func item(_ fields: String) throws -> DownloadItem {
        let json = Data(#"{"hashString":"AB","id":1,"name":"n","downloadDir":"/d/",\#(fields)}"#.utf8)
        return try JSONDecoder().decode(Torrent.self, from: json).item(preferring: "b")
    }

    @Test("a magnet without metadata is not complete although nothing is left")
    func noMetadata() throws {
        let item = try recorded("torrent-get without metadata")
        #expect(item.state == .fetchingMetadata && !item.isComplete && item.size == 0)
        #expect(item.message?.contains("Looking for somebody") == true)
    }

    @Test("the recorded complete torrent")
    func complete() throws {
        let item = try recorded("complete")
        #expect(item.state == .seeding && item.isComplete && item.remaining == 0 && item.infoHash == Rig.film)
        #expect(item.contentPath == "/data/downloads/\(Rig.filmName)" && item.savePath == "/data/downloads")
        #expect(item.category == "kinodock" && !item.canMoveFiles && !item.canBeRemoved)
    }

    @Test("the words of a tracker")
    func trackerError() throws {
        let message = try recorded("a tracker refuses it").message
        #expect(message == "A tracker says: Requested download is not authorized for use with this tracker.")
    }

    @Test(
        "states",
        arguments: [
            (#""status":0,"leftUntilDone":5,"sizeWhenDone":9"#, DownloadItem.State.paused),
            (#""status":0,"leftUntilDone":0,"sizeWhenDone":9"#, .completed),
            (#""status":1,"leftUntilDone":0,"sizeWhenDone":9"#, .checking), (#""status":2"#, .checking),
            (#""status":3,"leftUntilDone":5"#, .queued),
            (#""status":4,"leftUntilDone":5,"rateDownload":1"#, .downloading),
            (#""status":4,"leftUntilDone":5"#, .stalled), (#""status":5,"sizeWhenDone":9"#, .seeding),
            (#""status":99,"leftUntilDone":5"#, .stalled),
            (
                #""status":0,"error":3,"errorString":"No data found! Ensure your drives are connected"#
                    + #"","sizeWhenDone":9"#, .missingFiles
            ),
            (#""status":0,"error":3,"errorString":"No space left on device","leftUntilDone":5"#, .failed),
        ]
    )
    func states(fields: String, state: DownloadItem.State) throws {
        let item = try item(fields)
        #expect(item.state == state)
        #expect(item.isComplete == (state == .completed || state == .seeding))
        #expect(state != .failed || item.message?.contains("No space left") == true)
    }

    @Test("a torrent that its limits have stopped may be removed, one that a person has stopped may not")
    func goals() throws {
        let fields = #""status":0,"leftUntilDone":0,"sizeWhenDone":9,"isFinished":"#
        let (done, stopped) = (try item(fields + "true"), try item(fields + "false"))
        #expect(done.canMoveFiles && done.canBeRemoved)
        #expect(stopped.canMoveFiles && !stopped.canBeRemoved)
    }

    @Test("says how much of the content can be reached")
    func reach() throws {
        let item = try item(#""status":4,"leftUntilDone":80,"sizeWhenDone":100,"desiredAvailable":28"#)
        #expect(item.availability == 0.48)
        #expect(item.message?.contains("48 %") == true)
    }

    @Test("of several labels the one of the settings is the category")
    func labels() throws {
        #expect(try item(#""labels":["a","b"]"#).category == "b")
        #expect(try item(#""labels":["a","c"]"#).category == "a")
        #expect(try item(#""labels":[]"#).category == nil)
    }

    @Test("fields of unexpected types count as absent")
    func oddTypes() throws {
        let item = try item(#""status":"x","labels":7,"eta":null,"rateDownload":[],"peersConnected":-1.5"#)
        #expect(item.state == .stalled && item.category == nil)
    }
}
