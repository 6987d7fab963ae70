import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

@Suite("A queue item as JSON")
struct QueueItemJSONTests {
    @Test("has every field of the queue's API, in the API's form")
    func exact() throws {
        var item = QueueItem.sample("q_550e8400-e29b-41d4-a716-446655440021")
        item.downloadID = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a"
        item.infoHash = item.downloadID
        item.indexer = "Indexer1"
        item.outputPath = "/downloads/movies/\"Inception\""
        item.media = .init(titleID: "550e8400-e29b-41d4-a716-446655440000", kind: .movie)
        item.started = ManualClock.start + 5
        item.report(.downloading) { report in
            report.size = 10_485_760_000
            report.remaining = 5_242_880_000
            report.eta = 2700
            report.downloadSpeed = 1_941_807
            report.uploadSpeed = 7
            report.seeders = 12
            report.leechers = 3
        }
        let expected = """
            {"id":"q_550e8400-e29b-41d4-a716-446655440021","downloadId":"c12fe1c06bba254a9dc9f519b335aa7c1367a88a",\
            "title":"Inception.2010.1080p.BluRay.x264-Group","protocol":"torrent","downloadClient":"qBittorrent",\
            "downloadClientId":"c10e8400-e29b-41d4-a716-446655440030","indexer":"Indexer1",\
            "infoHash":"c12fe1c06bba254a9dc9f519b335aa7c1367a88a","status":"downloading","trackedDownloadStatus":"ok",\
            "trackedDownloadState":"downloading","stage":null,"progress":50,"size":10485760000,"sizeleft":5242880000,\
            "timeleft":"00:45:00","estimatedCompletionTime":"2024-01-15T11:15:00Z","downloadSpeed":1941807,\
            "uploadSpeed":7,"seeders":12,"leechers":3,\
            "movieId":"550e8400-e29b-41d4-a716-446655440000","seriesId":null,"episodeIds":[],\
            "added":"2024-01-15T10:30:00Z","started":"2024-01-15T10:30:05Z","ended":null,"quality":"Bluray-1080p",\
            "qualityScore":100,"statusMessages":[],"errorMessage":null,"outputPath":"/downloads/movies/\\"Inception\\""}
            """
        let json = item.rendering(at: ManualClock.start).json(isPrivate: true)
        #expect(String(decoding: json, as: UTF8.self) == expected)
    }

    @Test("an address has no fields of torrents")
    func address() throws {
        let item = QueueItem.sample("q", downloadProtocol: .url)
        let json = try #require(try JSONValue(item.rendering(at: ManualClock.start).json(isPrivate: true)).object)
        #expect(json["protocol"] == "url")
        for key in ["seeders", "leechers", "uploadSpeed", "infoHash"] { #expect(json[key] == nil) }
    }

    @Test("a series has its id and episodes")
    func series() throws {
        var item = QueueItem.sample("q")
        item.media = .init(titleID: "s", kind: .series, episodeIDs: ["e1", "e2"])
        let json = try JSONValue(item.rendering(at: ManualClock.start).json(isPrivate: false))
        #expect(json["seriesId"] == "s" && json["movieId"] == .null && json["episodeIds"] == ["e1", "e2"])
    }

    @Test(
        "the time left has two digits or more for each part",
        arguments: [
            (0, "00:00:00"), (59, "00:00:59"), (3600, "01:00:00"), (86_399, "23:59:59"), (360_000, "100:00:00"),
        ]
    )
    func timeLeft(seconds: Int, text: String) throws {
        var item = QueueItem.sample("q")
        item.report(.downloading) { $0.eta = seconds }
        #expect(try JSONValue(item.changeJSON(at: ManualClock.start))["timeleft"] == .string(text))
    }

    @Test("an end that nobody can foresee is no end, and no trap", arguments: [Int.max, Int.min, -1])
    func endlessETA(eta: Int) throws {
        var item = QueueItem.sample("q")
        item.report(.downloading) { $0.eta = eta }
        let json = try JSONValue(item.changeJSON(at: ManualClock.start))
        #expect(json["timeleft"] == .null && json["estimatedCompletionTime"] == .null)
    }

    @Test("a client's trouble is a warning with the client's name, and nothing seems to move")
    func clientProblem() throws {
        var item = QueueItem.sample("q")
        item.report(.downloading) { report in
            report.downloadSpeed = 5
            report.eta = 9
        }
        item.clientProblem = "It does not answer."
        let json = try JSONValue(item.changeJSON(at: ManualClock.start))
        #expect(json["status"] == "warning" && json["trackedDownloadStatus"] == "warning")
        #expect(json["downloadSpeed"] == 0 && json["timeleft"] == .null)
        #expect(json["statusMessages"] == [["title": "qBittorrent", "messages": ["It does not answer."]]])
    }

    @Test("an import that copies says how far it is")
    func importProgress() throws {
        var item = QueueItem.sample("q")
        item.report(.seeding) { $0.isComplete = true }
        item.importProgress = "Copying: 42 %."
        #expect(!String(decoding: item.changeJSON(at: ManualClock.start), as: UTF8.self).contains("42 %"))
        _ = item.tracked.importStarted()
        let json = try JSONValue(item.changeJSON(at: ManualClock.start))
        #expect(json["status"] == "completed" && json["trackedDownloadState"] == "importing")
        #expect(json["statusMessages"] == [["title": .string(item.title), "messages": ["Copying: 42 %."]]])
    }

    @Test("a complete download has nothing left and is at 100")
    func complete() throws {
        var item = QueueItem.sample("q")
        item.report(.seeding) { report in
            report.size = 100
            report.remaining = 1
            report.isComplete = true
        }
        let json = try JSONValue(item.changeJSON(at: ManualClock.start))
        #expect(json["status"] == "completed" && json["progress"] == 100 && json["sizeleft"] == 0)
        #expect(json["trackedDownloadState"] == "importPending")
    }

    @Test("progress is rounded down: 100 means complete")
    func roundsDown() throws {
        var item = QueueItem.sample("q")
        item.report(.downloading) { report in
            report.size = 1000
            report.remaining = 1
        }
        #expect(try JSONValue(item.changeJSON(at: ManualClock.start))["progress"] == 99)
    }

    @Test(
        "of messages everybody sees all but addresses and paths",
        arguments: [
            ("Add a path mapping for /downloads/film.", "Add a path mapping for (path)"),
            ("nas.local:8080 refuses.", "(address) refuses."), ("[::1]:8080, says it", "(address) says it"),
            ("http://user:secret@host/x is gone", "(address) is gone"),
            ("The next one is at 2026-11-21T10:30:00Z.", "The next one is at 2026-11-21T10:30:00Z."),
            ("At 10:30 or 10:30:59", "At 10:30 or 10:30:59"), ("Nothing to hide", "Nothing to hide"),
        ]
    )
    func publicWords(text: String, shown: String) {
        #expect(PublicWords.of(text) == shown)
    }
}
