import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("What the queue and the library tell", .timeLimit(.minutes(1)))
struct QueueEventTests {
    private func world(importer: ScriptedImporter = ScriptedImporter()) async throws -> HostWorld {
        let world = try await HostWorld.with("one", importer: importer)
        try await world.addNotifier("ear")
        return world
    }

    private func events(_ world: HostWorld) throws -> [NotificationEvent] {
        try world.store.notifications(nil, of: nil, page: 1, limit: 100).notifications.reversed().map(\.event)
    }

    private func kinds(_ world: HostWorld) throws -> [String] { try events(world).map(\.kind.text) }

    @Test("a download is grabbed, downloaded and imported, each told once with what is known")
    func happyPath() async throws {
        let world = try await world()
        let item = try await world.addImported()
        #expect(try kinds(world) == ["grabbed", "downloaded", "imported"])
        let all = try events(world)
        #expect(Set(all.map(\.id)).count == 3 && all.allSatisfy { $0.id.hasPrefix("ev_") })
        let grabbed = all[0].details
        #expect(grabbed["title"] == "Inception" && grabbed["year"] == 2010 && grabbed["type"] == "movie")
        #expect(
            grabbed["client"] == "one" && grabbed["queue_id"] == .string(item.id)
                && grabbed["quality"] == "Bluray-1080p"
        )
        let imported = all[2]
        let path = try #require(imported.details["path"]?.string)
        #expect(imported.details["paths"] == [.string(path)] && imported.details["title_id"]?.string != nil)
        #expect(imported.details["info_hash"] == .string(Samples.hash(1)) && imported.time == "2024-01-15T10:30:00Z")
    }

    @Test("a client that refuses a download was given nothing")
    func refused() async throws {
        let world = try await world()
        world.client("one").state.withLock { $0.failures["add"] = PluginError(.invalid, "No.") }
        await #expect(throws: QueueError.self) { _ = try await world.add() }
        #expect(try kinds(world) == [])
    }

    @Test("an import that needs a decision is told as failed and as that")
    func decision() async throws {
        let importer = ScriptedImporter()
        importer.state.withLock {
            $0.failure = ImportFailure(.dangerousFile, "A program is in it.", isRetryable: false)
        }
        let world = try await world(importer: importer)
        await world.complete(try await world.add())
        try await eventually("it is told") { try kinds(world).count == 4 }
        #expect(try kinds(world).suffix(2) == ["import_failed", "manual_action_needed"])
        let failed = try #require(try events(world).last)
        #expect(failed.message == "A program is in it." && failed.details["code"] == "dangerousFile")
        #expect(failed.details["reason"] == "A program is in it.")
    }

    @Test("a download that is lost is told as failed")
    func lost() async throws {
        let world = try await world()
        let item = try await world.add()
        await world.report(item, .downloading)
        await world.queue.reportMissing(try #require(item.downloadID), at: item.clientID)
        world.clock.advance(86_400)
        await world.queue.tick()
        #expect(try kinds(world) == ["grabbed", "download_failed"])
    }

    @Test("what replaces a file is told as an upgrade, with the path that is gone")
    func upgrade() {
        let title = Title(id: "t", kind: .series, title: "Harbour", added: ManualClock.start)
        func file(_ episode: Int) -> LibraryFile {
            LibraryFile(
                id: "f\(episode)",
                titleID: "t",
                season: 1,
                episode: episode,
                path: "/tv/e\(episode).mkv",
                size: 10,
                quality: "WEBDL-720p",
                subtitles: [],
                queueID: "q",
                added: ManualClock.start
            )
        }
        let imported = ImportedDownload(
            importID: "i",
            title: title,
            media: .init(titleID: "t", kind: .series),
            files: [file(2), file(3)],
            replaced: ["/tv/old.mkv"]
        )
        let event = NotificationEvent.imported(imported, .sample("q"), at: ManualClock.start)
        #expect(event.kind == .upgraded && event.title == "Upgraded: Harbour S01E02 to S01E03")
        #expect(event.details["replaced"] == ["/tv/old.mkv"] && event.details["size"] == 20)
        #expect(event.details["files"]?.array?.first?["episode"] == 2)
    }

    @Test("a title that is deleted is told with its files")
    func deleted() async throws {
        let world = try await world()
        _ = try await world.addImported()
        let title = try #require(try world.store.titles().first)
        let files = try world.store.files(of: title.id)
        let library = MediaLibrary(
            store: world.store,
            queue: world.queue,
            snapshot: world.snapshot,
            logger: world.logger,
            clock: world.clock,
            roots: [world.folder.path]
        )
        #expect(try await library.remove(title.id))
        let event = try #require(try events(world).last)
        #expect(event.kind == .deleted && event.details["paths"] == .array(files.map { .string($0.path) }))
    }
}
