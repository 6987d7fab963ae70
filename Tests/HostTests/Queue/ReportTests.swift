import FoundationEssentials
import PluginAPI
import Synchronization
import Testing

@testable import Host

@Suite("What clients report", .timeLimit(.minutes(1)))
struct ReportTests {
    @Test("progress is shown, and not written to the disk")
    func progress() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        await world.report(added, .downloading) { report in
            report.size = 100
            report.remaining = 60
        }
        await world.report(added, .downloading) { report in
            report.size = 100
            report.remaining = 25
            report.downloadSpeed = 5
            report.eta = 5
        }
        let item = try #require(await world.item(added.id))
        #expect(item.progress == 0.75 && item.downloadSpeed == 5 && item.started == ManualClock.start)
        let stored = try #require(try world.stored()[added.id])
        #expect(stored.size == 100 && stored.remaining == 60)
    }

    @Test("numbers that make no sense stay within bounds")
    func nonsense() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        await world.report(added, .downloading) { report in
            report.size = 10
            report.remaining = 50
            report.eta = .max
        }
        #expect(await world.item(added.id)?.progress == 0)
        await world.report(added, .downloading) { report in
            report.size = .min
            report.remaining = .min
            report.eta = -5
        }
        let item = try #require(await world.item(added.id))
        #expect(item.size == 0 && item.remaining == 0 && item.eta == nil)
    }

    @Test("a complete download is imported once, and leaves the list")
    func completion() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.addImported()
        await world.complete(added)
        #expect(world.importer.begun == [added.id])
        #expect(world.importer.state.withLock(\.recorded) == [true])
        let item = try #require(await world.item(added.id))
        #expect(item.isHidden && item.media?.titleID == "title-" + added.id)
        #expect(try world.store.files().map(\.path) == ["/library/\(added.id).mkv"])
    }

    @Test("a path alone does not start an import")
    func pathIsNoProof() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        await world.report(added, .downloading) { report in
            report.size = 100
            report.remaining = 0
            report.contentPath = "/downloads/film"
        }
        #expect(world.importer.begun.isEmpty)
        #expect(await world.item(added.id)?.tracked.state == .downloading)
    }

    @Test("downloads of other people are left alone, also those of the same id at another client")
    func foreign() async throws {
        let world = try await HostWorld.with("one", "two")
        let added = try await world.add(client: "one")
        let foreign = [
            DownloadItem(id: "other", name: "Other", state: .downloading),
            DownloadItem(id: added.downloadID ?? "", name: "Same", state: .failed),
        ]
        let isActive = await world.queue.apply(
            DownloadChanges(cursor: "1", isComplete: true, items: foreign),
            from: "id-two"
        )
        #expect(!isActive)
        #expect(try world.stored().count == 1)
        let item = await world.item(added.id)
        #expect(item?.tracked.report == nil && item?.tracked.missingSince == nil)
    }

    @Test("a download that a whole list lacks is missing, and says so after the patience for it")
    func missing() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        await world.report(added, .downloading)
        let nothing = DownloadChanges(cursor: "1", isComplete: true, items: [])
        _ = await world.queue.apply(nothing, from: "id-one")
        #expect(await world.item(added.id)?.status(at: world.clock.now).status == .downloading)
        world.clock.advance(3 * 60)
        _ = await world.queue.apply(nothing, from: "id-one")
        let status = try #require(await world.item(added.id)).status(at: world.clock.now)
        #expect(status.status == .warning && status.messages.first?.messages.first?.contains("no longer lists") == true)
    }

    @Test("a download that is named as removed is missing; one that only did not change is not")
    func removed() async throws {
        let world = try await HostWorld.with("one")
        let first = try await world.add(Samples.magnet(1))
        let second = try await world.add(Samples.magnet(2, name: "Other"))
        _ = await world.queue.apply(
            DownloadChanges(cursor: "1", isComplete: false, items: [], removed: [first.downloadID ?? ""]),
            from: "id-one"
        )
        #expect(await world.item(first.id)?.tracked.missingSince == ManualClock.start)
        #expect(await world.item(second.id)?.tracked.missingSince == nil)
    }

    @Test("a missing download fails for good after a day")
    func lost() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        await world.queue.reportMissing(added.downloadID ?? "", at: "id-one")
        world.clock.advance(24 * 60 * 60)
        await world.queue.tick()
        let item = try #require(await world.item(added.id))
        #expect(item.tracked.state == .failed && item.tracked.ended == world.clock.now)
        #expect(try world.stored()[added.id]?.tracked.state == .failed)
    }

    @Test("a client that cannot be asked is named on its downloads until it answers")
    func clientProblem() async throws {
        let world = try await HostWorld.with("one", "two")
        let first = try await world.add(client: "one")
        let second = try await world.add(Samples.magnet(2, name: "Other"), client: "two")
        await world.report(first, .downloading) { $0.downloadSpeed = 9 }
        await world.queue.clientFailed("id-one", PluginError(.unreachable, "Connection refused."))
        let item = try #require(await world.item(first.id))
        let status = item.status(at: world.clock.now)
        #expect(item.downloadSpeed == 0 && status.status == .warning)
        #expect(status.messages.last?.messages == ["one cannot be asked: Connection refused."])
        #expect(await world.item(second.id)?.clientProblem == nil)
        _ = await world.queue.apply(DownloadChanges(cursor: "1", isComplete: false, items: []), from: "id-one")
        #expect(await world.item(first.id)?.clientProblem == nil)
    }

    @Test("a failure that the client repeats is tried again when its time has come, by the client's own means")
    func clientFailure() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        await world.report(added, .failed) { $0.message = "No space." }
        await world.report(added, .failed) { $0.message = "No space." }
        var item = try #require(await world.item(added.id))
        #expect(item.tracked.state == .failedPending && item.tracked.attempts == 1)
        await world.queue.tick()
        #expect(world.client("one").calls("retry").isEmpty)
        world.clock.advance(60)
        await world.queue.tick()
        await eventually("the client is asked") { world.client("one").calls("retry").count == 1 }
        item = try #require(await world.item(added.id))
        #expect(item.tracked.state == .downloading)
    }

    @Test("a client that cannot retry gets the download again")
    func addAgain() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        world.client("one").state.withLock { $0.canRetry = false }
        await world.report(added, .failed)
        world.clock.advance(60)
        await world.queue.tick()
        await eventually("it is added again") { world.client("one").calls("add").count == 2 }
        let removal = try #require(world.client("one").calls("remove").first)
        #expect(!removal.deletesData && removal.id == added.downloadID)
        #expect(world.client("one").requests.last?.link == Samples.magnet(1))
    }

    @Test("a name that comes late brings the quality with it")
    func lateName() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add("magnet:?xt=urn:btih:" + Samples.hash(1))
        #expect(added.title == Samples.hash(1) && added.quality == "Unknown")
        await world.report(added, .downloading) { $0.name = "Inception.2010.1080p.BluRay.x264-Group" }
        let item = try #require(await world.item(added.id))
        #expect(item.title == "Inception.2010.1080p.BluRay.x264-Group")
        #expect(item.quality == "Bluray-1080p" && item.qualityScore == 100)
        #expect(try world.stored()[added.id]?.quality == "Bluray-1080p")
    }

    @Test("an address is no name: anybody may read the queue")
    func addressAsName() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.queue.add(DownloadRequest(.url("http://host/film?key=secret"))).item
        await world.report(added, .downloading) { $0.name = "http://host/film?key=secret" }
        #expect(await world.item(added.id)?.title == "Download from host")
    }

    @Test("a rename of the client shows on its downloads")
    func renamed() async throws {
        let world = try await HostWorld.with("one")
        let added = try await world.add()
        var instance = try #require(await world.registry.instance("id-one"))
        instance.name = "uno"
        await world.queue.clientsChanged([instance])
        #expect(await world.item(added.id)?.clientName == "uno")
    }

    @Test("only downloads about which nothing is known are asked for one by one")
    func unreported() async throws {
        let world = try await HostWorld.with("one", "two")
        let first = try await world.add(Samples.magnet(1), client: "one")
        let second = try await world.add(Samples.magnet(2, name: "b"), client: "one")
        _ = try await world.add(Samples.magnet(3, name: "c"), client: "two")
        await world.report(first, .downloading)
        #expect(await world.queue.unreported(at: "id-one", limit: 10) == [second.downloadID])
        #expect(await world.queue.unreported(at: "id-one", limit: 1).count == 1)
    }
}
