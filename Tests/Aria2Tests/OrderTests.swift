import FoundationEssentials
import PluginAPI
import Testing

@testable import Aria2

struct OrderTests {
    private static let file = Data(
        "d8:announce25:http://127.0.0.1/announce4:infod6:lengthi5e4:name5:a.txt12:piece lengthi16384e6:pieces20:01234567890123456789ee"
            .utf8
    )
    private static let fileHash = "8694d6007ae15e276cbda435c410f6e2b6bd6f76"

    private func empty() throws -> Rig {
        let rig = try Rig()
        try rig.always("lists, empty")
        try rig.always("addUri, magnet")
        rig.answer("aria2.addTorrent", #""00000000000000aa""#)
        return rig
    }

    @Test("a magnet gets its folder and limits, all of them texts")
    func magnet() async throws {
        let rig = try empty()
        var request = AddDownload(source: .magnet, link: Rig.magnet)
        (request.savePath, request.paused, request.seedRatioLimit, request.seedTimeLimit) = ("/films", true, 1.5, 90)
        request.options = ["download_limit": 100, "referer": "http://a"]
        let added = try await rig.client.add(request, file: nil)
        #expect(added == AddedDownload(id: Rig.film, infoHash: Rig.film))
        let options: JSONValue = [
            "dir": "/films", "pause": "true", "seed-ratio": "1.5", "seed-time": "90", "force-save": "true",
            "max-download-limit": "100K", "referer": "http://a",
        ]
        #expect(rig.calls("aria2.addUri") == [[[.string(Rig.magnet)], options]])
    }

    @Test("what is there already is that download")
    func existing() async throws {
        let rig = try Rig()
        try rig.always("lists while downloading")
        let added = try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        #expect(added == AddedDownload(id: Rig.film, existed: true, infoHash: Rig.film))
        #expect(rig.calls("aria2.addUri").isEmpty)
    }

    @Test(
        "an answer that cannot be read leaves doubt, a web page in its place does not",
        arguments: [
            (#"{"id":"kinodock","resu"#, PluginError.Code.interrupted), ("", .interrupted),
            (" <!doctype html><title>router</title>", .badResponse),
        ]
    )
    func unreadableAnswer(body: String, code: PluginError.Code) async throws {
        let rig = try Rig()
        try rig.always("lists, empty")
        let isAdd: @Sendable (ServiceRequest) -> Bool = { $0.json["method"] == "aria2.addUri" }
        let response = ServiceResponse(status: 200, body: Data(body.utf8))
        rig.host.always(.init("POST", Rig.path, name: "add", accepts: isAdd, answer: { _ in response }))
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .magnet, link: Rig.magnet), file: nil)
        }
        #expect(error?.code.value == code)
    }

    @Test("a web page is no download, unless the site gives it as a file")
    func page() async throws {
        let rig = try empty()
        let type = HeaderField("Content-Type", "text/html; charset=utf-8")
        rig.host.always(.init("HEAD", "/watch") { _ in ServiceResponse(status: 200, headers: [type]) })
        let name = HeaderField("Content-Disposition", "attachment; filename=report.html")
        rig.host.always(.init("HEAD", "/report") { _ in ServiceResponse(status: 200, headers: [type, name]) })
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .url, link: "http://a.example/watch"), file: nil)
        }
        #expect(error?.code.value == .unsupported && rig.calls("aria2.addUri").isEmpty)
        _ = try await rig.client.add(.init(source: .url, link: "http://a.example/report"), file: nil)
        #expect(rig.calls("aria2.addUri").count == 1)
    }

    @Test(
        "an address that no torrent can be at is left to aria2 without a look",
        arguments: ["ftp://me:pw@a.example/film.mkv", "sftp://a.example/x"]
    )
    func otherSchemes(link: String) async throws {
        let rig = try empty()
        let added = try await rig.client.add(.init(source: .url, link: link), file: nil)
        #expect(added.infoHash == nil && added.id.count == 16)
        #expect(rig.calls("aria2.addUri").map { $0.first } == [[.string(link)]])
        #expect(rig.host.requests.allSatisfy { $0.method == "POST" })
    }

    @Test("what is no address is refused", arguments: ["file:///etc/passwd", "ftp:/x", "http:x", "x"])
    func noAddress(link: String) async throws {
        let rig = try empty()
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.add(.init(source: .url, link: link), file: nil)
        }
        #expect(error?.code.value == .invalid && rig.calls("aria2.addUri").isEmpty)
    }

    @Test("torrents of v2 and hybrids are refused before anything is added")
    func second() async throws {
        let rig = try empty()
        let v2 = "xt=urn:btmh:1220" + String(repeating: "ab", count: 32)
        for link in ["magnet:?\(v2)", "\(Rig.magnet)&\(v2)"] {
            let error = await #expect(throws: PluginError.self) {
                try await rig.client.add(.init(source: .magnet, link: link), file: nil)
            }
            #expect(error?.code.value == .unsupported)
        }
        #expect(rig.host.requests.isEmpty)
    }

    @Test("the address of a torrent is told from that of a film by its header fields, or by its name")
    func addresses() async throws {
        let rig = try empty()
        func offer(_ path: String, _ headers: [HeaderField], _ body: Data = Data(), status: Int = 200) {
            for method in ["HEAD", "GET"] {
                rig.host.always(
                    .init(method, path) { _ in ServiceResponse(status: status, headers: headers, body: body) }
                )
            }
        }
        offer("/t", [HeaderField("Content-Type", "application/x-bittorrent")], Self.file)
        offer("/b.torrent", [], Self.file)
        offer("/m", [HeaderField("Location", Rig.magnet)], status: 302)
        offer("/film.mkv", [HeaderField("Content-Type", "video/x-matroska")])
        let ids = try await ["/t", "/b.torrent", "/m", "/film.mkv"].asyncMap { path in
            try await rig.client.add(.init(source: .url, link: "http://a.example\(path)"), file: nil).id
        }
        let film = try #require(rig.recording.exchange("addUri, magnet").response.body?["result"]?.string)
        #expect(ids == [Self.fileHash, Self.fileHash, Rig.film, film])
        #expect(!rig.host.requests.contains { $0.method == "GET" && $0.url.hasSuffix(".mkv") })
    }

    @Test(
        "options that run programs or write elsewhere are not passed on",
        arguments: ["on-download-complete", "out", "dir"]
    )
    func options(name: String) async throws {
        let rig = try empty()
        var request = AddDownload(source: .magnet, link: Rig.magnet)
        request.options = [name: "x"]
        let error = await #expect(throws: PluginError.self) { try await rig.client.add(request, file: nil) }
        #expect(error?.field == "options.\(name)" && rig.host.requests.isEmpty)
    }

    @Test("files are chosen by number, and only a real change is sent")
    func selection() async throws {
        let rig = try Rig()
        try rig.always("lists while downloading")
        try rig.always("getOption")
        rig.answer("aria2.changeOption", #""OK""#)
        var request = Prioritization(id: Rig.film)
        request.files = [0: .skip, 1: .high]
        try await rig.client.prioritize(request)
        #expect(rig.calls("aria2.changeOption").map { $0.last } == [["select-file": "2,3"]])
        request.files = [1: .high]
        try await rig.client.prioritize(request)
        #expect(rig.calls("aria2.changeOption").count == 1)
        request.files = [0: .skip, 1: .skip, 2: .skip]
        let error = await #expect(throws: PluginError.self) { try await rig.client.prioritize(request) }
        #expect(error?.code.value == .invalid)
    }

    @Test("a removal with data of files that are not seen here is refused, and nothing is removed")
    func invisible() async throws {
        let rig = try Rig()
        try rig.always("lists while downloading")
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.remove(Rig.film, deletingData: true)
        }
        #expect(error?.code.value == .unsupported && error?.message.contains(Rig.filmName) == true)
        #expect(rig.calls("aria2.forceRemove").isEmpty)
    }

    @Test("a removal deletes the very files that aria2 lists, and folders that are empty then")
    func deletion() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "kinodock-aria2-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root + "/t/sub", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        for name in ["t/a", "t/sub/b", "t.aria2", "other"] {
            try Data("x".utf8).write(to: URL(filePath: "\(root)/\(name)"))
        }
        let rig = try Rig()
        let files = ["t/a", "t/sub/b"].enumerated().map {
            #"{"index":"\#($0 + 1)","path":"\#(root)/\#($1)","length":"1"}"#
        }
        let entry =
            #"{"gid":"1","status":"complete","infoHash":"\#(Rig.film)","dir":"\#(root)","totalLength":"2","#
            + #""completedLength":"2","bittorrent":{"info":{"name":"t"}},"files":[\#(files.joined(separator: ","))]}"#
        rig.list(stopped: entry)
        rig.answer("aria2.forceRemove", #""1""#)
        rig.answer("aria2.removeDownloadResult", #""OK""#)
        try await rig.client.remove(Rig.film, deletingData: true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["other"])
    }

    @Test("files outside of the download's folder are never deleted", arguments: ["/etc/passwd", "/d/../etc/passwd"])
    func escape(path: String) async throws {
        let rig = try Rig()
        rig.list(
            stopped:
                #"{"gid":"00000000000000aa","status":"complete","dir":"/d","totalLength":"2","completedLength":"2","files":[{"index":"1","path":"\#(path)","length":"2"}]}"#
        )
        let error = await #expect(throws: PluginError.self) {
            try await rig.client.remove("00000000000000aa", deletingData: true)
        }
        #expect(error?.code.value == .forbidden && rig.host.requests.count == 1)
    }

    @Test("what aria2 does not have is said, and removing it is a success")
    func missing() async throws {
        let rig = try Rig()
        try rig.always("lists, empty")
        for order in [rig.client.pause, rig.client.resume, rig.client.retry] {
            let error = await #expect(throws: PluginError.self) { try await order(Rig.film) }
            #expect(error?.code.value == .notFound)
        }
        try await rig.client.remove(Rig.film, deletingData: true)
    }
}

extension Array {
    /// The elements, changed one after the other.
    fileprivate func asyncMap<Value>(_ change: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await change(element)) }
        return values
    }
}
