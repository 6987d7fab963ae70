import FoundationEssentials
import PluginAPI
import Testing

/// Every method of every kind goes through the JSON of the boundary and back.
@Suite("Proxies of plugins", .timeLimit(.minutes(1)))
struct ProxyTests {
    private let transport: LoopbackTransport

    init() throws {
        transport = try LoopbackTransport(
            EveryKindPlugin.self,
            settings: Data(#"{"host":"nas","tag":"old"}"#.utf8),
            host: NoServices()
        )
    }

    /// What a method without result was called with.
    private func said(_ call: () async throws -> Void) async throws -> String? {
        do {
            try await call()
            return nil
        } catch let error as PluginError {
            return error.message
        }
    }

    @Test("read settings with defaults and former names")
    func settings() async throws {
        #expect(try await RemoteDownloadClient(transport).test().version == "nas:80 old")
        #expect(try await RemoteIndexer(transport).options(for: "categories").map(\.value) == ["categories"])
    }

    @Test("carry the calls of a download client that answer")
    func downloadAnswers() async throws {
        let client = RemoteDownloadClient(transport)
        #expect(try await client.add(AddDownload(source: .torrent, link: "a"), file: Data("b".utf8)).id == "ab")
        #expect(try await client.add(AddDownload(source: .magnet, link: "a"), file: nil).id == "a")
        let all = try await client.changes(since: nil)
        #expect(all.cursor == "first" && all.isComplete && all.removed == ["x"])
        #expect(try await client.changes(since: "7").isComplete == false)
        #expect(try await client.item("7")?.state == .known(.seeding))
        #expect(try await client.item("none") == nil)
        #expect(try await client.files(of: "7") == [DownloadFile(index: 3, path: "7", size: 5, completed: 2)])
        let range = FileRange(offset: 1, length: 2)
        #expect(try await client.availability(of: 4, in: "7") == FileAvailability(path: "7", size: 4, ranges: [range]))
    }

    @Test("carry the calls of a download client that only act")
    func downloadActions() async throws {
        let client = RemoteDownloadClient(transport)
        #expect(try await said { try await client.remove("7", deletingData: true) } == "remove 7 true")
        #expect(try await said { try await client.pause("7") } == "pause 7")
        #expect(try await said { try await client.resume("7") } == "resume 7")
        #expect(try await said { try await client.retry("7") } == "retry 7")
        var request = Prioritization(id: "7")
        request.files = [1: .high]
        request.ranges = [FileRange(offset: 9, length: 1)]
        #expect(try await said { try await client.prioritize(request) } == "7 high 9")
    }

    @Test("carry the calls of an indexer")
    func indexer() async throws {
        let indexer = RemoteIndexer(transport)
        #expect(try await indexer.capabilities().limit == 50)
        var query = ReleaseQuery(kind: .movie, text: "film")
        query.imdbID = "tt1"
        let release = try #require(try await indexer.search(query).first)
        #expect(release.title == "film" && release.link == "tt1" && release.downloadProtocol == .usenet)
        #expect(try await indexer.fetch("magnet").link == "magnet:x")
        #expect(try await indexer.fetch("bytes").file == Data("bytes".utf8))
    }

    @Test("carry the calls of a catalogue")
    func metadata() async throws {
        let catalogue = RemoteMetadataProvider(transport)
        #expect(try await catalogue.search(MetadataQuery(text: "film")).first?.title == "film")
        #expect(try await catalogue.movie("5").kind == .movie)
        #expect(try await catalogue.series("5").kind == .series)
        #expect(try await catalogue.season(2, of: "5") == MetadataSeason(number: 2, name: "5", episodes: []))
        #expect(try await catalogue.find(source: "imdb", id: "tt1").first?.id == "imdbtt1")
        #expect(try await catalogue.images(for: "5", kind: .unknown("play")).first?.url == "5/play")
    }

    @Test("carry the calls of a notifier")
    func notifier() async throws {
        let notifier = RemoteNotifier(transport)
        #expect(try await notifier.supportedEvents() == [.known(.imported), .unknown("new")])
        var event = NotificationEvent(id: "1", kind: .imported, time: "", title: "", message: "")
        event.details = ["n": 3]
        #expect(try await said { try await notifier.notify(event) } == "imported 3")
    }

    @Test("hide the text of an error that is not a PluginError")
    func defect() async throws {
        let event = NotificationEvent(id: "defect", kind: .test, time: "", title: "", message: "")
        let error = await #expect(throws: PluginError.self) { try await RemoteNotifier(transport).notify(event) }
        #expect(error?.code.value == .internal)
        #expect(error?.message.contains("Defect") == true && error?.message.contains("hunter2") == false)
    }

    @Test("pass cancellation on")
    func cancellation() async throws {
        let event = NotificationEvent(id: "wait", kind: .test, time: "", title: "", message: "")
        let call = Task { try await RemoteNotifier(transport).notify(event) }
        call.cancel()
        let error = await #expect(throws: PluginError.self) { try await call.value }
        #expect(error?.code.value == .cancelled)
    }

    @Test("give each call the deadline of its weight")
    func deadlines() async throws {
        let recorder = DeadlineRecorder()
        let client = RemoteDownloadClient(recorder)
        _ = try? await client.test()
        _ = try? await client.add(AddDownload(source: .magnet), file: nil)
        _ = try? await client.changes(since: nil)
        _ = try? await client.item("7")
        #expect(await recorder.deadlines == [.seconds(20), .seconds(60), .seconds(30), .seconds(15)])
    }

    @Test("say what is wrong with an answer")
    func badAnswer() async throws {
        let error = await #expect(throws: PluginError.self) {
            try await RemoteDownloadClient(DeadlineRecorder()).changes(since: nil)
        }
        #expect(error?.code.value == .badResponse)
        #expect(error?.message.contains("cursor is missing") == true)
    }
}

/// Answers everything with an empty object.
private actor DeadlineRecorder: PluginTransport {
    private(set) var deadlines: [Duration] = []

    func call(
        method: String,
        json: Data,
        attachment: Data?,
        deadline: Duration
    ) async throws(PluginError) -> (json: Data, attachment: Data?) {
        deadlines.append(deadline)
        return (Data("{}".utf8), nil)
    }
}
