import FoundationEssentials
import PluginAPI
import Testing

@testable import Host

struct TrackedDownloadTests {
    private let start = Date(timeIntervalSince1970: 1_700_000_000)
    private let complete = DownloadReport(.seeding, isComplete: true, progress: 1)
    private let busy = DownloadReport(.downloading, progress: 0.5)

    private func imported(_ kind: DownloadProtocol = .torrent) -> TrackedDownload {
        var download = TrackedDownload(kind)
        _ = download.handle(complete, at: start)
        _ = download.importStarted()
        _ = download.importFinished()
        return download
    }

    private func failing(_ failure: ImportFailure) -> TrackedDownload {
        var download = TrackedDownload(.torrent)
        _ = download.handle(complete, at: start)
        _ = download.importStarted()
        _ = download.importFailed(failure, at: start)
        return download
    }

    private let retryable = ImportFailure(.pathNotVisible, "not visible", isRetryable: true)
    private let final = ImportFailure(.noVideo, "no video", isRetryable: false)

    @Test("goes from the client into the library")
    func straightWay() {
        var download = TrackedDownload(.torrent)
        #expect(download.handle(busy, at: start) == [])
        #expect(download.handle(complete, at: start) == [.notifyCompleted, .requestImport])
        #expect(download.state == .importPending)
        #expect(download.importStarted() == [.startImport])
        #expect(download.importFinished() == [])
        #expect(download.state == .imported)
        #expect(download.ended == start)
    }

    @Test("waits for another import when one was stopped, and counts no attempt")
    func importCancelled() {
        var download = failing(retryable)
        _ = download.tick(at: start + 3600)
        _ = download.importStarted()
        let attempts = download.attempts
        download.importCancelled()
        #expect(download.state == .importPending)
        #expect(download.attempts == attempts)
        #expect(download.nextAttempt == nil)
        #expect(download.restarted() == [.requestImport])
        #expect(download.importStarted() == [.startImport])
    }

    @Test("ignores the end of an import that does not run")
    func lateCancel() {
        var download = imported()
        download.importCancelled()
        #expect(download.state == .imported)
    }

    @Test("asks once for the import of a download that is reported complete again and again")
    func repeatedReports() {
        var download = TrackedDownload(.torrent)
        _ = download.handle(complete, at: start)
        #expect(download.handle(complete, at: start + 5) == [])
        _ = download.importStarted()
        #expect(download.handle(complete, at: start + 10) == [])
        #expect(download.importStarted() == [])
    }

    @Test(
        "does not believe a client that contradicts itself",
        arguments: [DownloadItem.State.failed, .missingFiles, .fetchingMetadata, .checking, .postProcessing]
    )
    func contradiction(state: DownloadItem.State) {
        var download = TrackedDownload(.torrent)
        let actions = download.handle(DownloadReport(state, isComplete: true, progress: 1), at: start)
        #expect(!actions.contains(.requestImport))
        #expect(download.state != .importPending)
    }

    @Test("does not start the import of a download that is incomplete again")
    func recheck() {
        var download = TrackedDownload(.torrent)
        _ = download.handle(complete, at: start)
        _ = download.handle(DownloadReport(.checking, progress: 0.98), at: start + 5)
        #expect(download.state == .downloading)
        #expect(download.importStarted() == [])
        #expect(download.handle(complete, at: start + 10) == [.requestImport])
    }

    @Test(
        "never imports a vanished download that was not complete",
        arguments: [DownloadProtocol.torrent, .usenet, .url]
    )
    func vanished(kind: DownloadProtocol) {
        var download = TrackedDownload(kind)
        _ = download.handle(DownloadReport(.downloading, progress: 0.999), at: start)
        for hour in 0..<30 {
            let actions = download.handleMissing(at: start + Double(hour) * 3600)
            #expect(!actions.contains(.requestImport))
        }
        #expect(download.state == .failed)
    }

    @Test(
        "waits before it warns of a missing download",
        arguments: [
            (DownloadProtocol.usenet, DownloadItem.State.downloading, 30.0),
            (.torrent, .downloading, 180), (.torrent, .fetchingMetadata, 600),
        ]
    )
    func grace(kind: DownloadProtocol, state: DownloadItem.State, grace: Double) {
        var download = TrackedDownload(kind)
        _ = download.handle(DownloadReport(state), at: start)
        _ = download.handleMissing(at: start)
        #expect(download.queueStatus(title: "A", at: start + grace - 1).status == .downloading)
        let late = download.queueStatus(title: "A", at: start + grace)
        #expect(late.status == .warning)
        #expect(late.health == .warning)
        #expect(late.messages.first?.messages.isEmpty == false)
    }

    @Test("forgets that a download was missing once it is back")
    func back() {
        var download = TrackedDownload(.torrent)
        _ = download.handle(busy, at: start)
        _ = download.handleMissing(at: start)
        _ = download.handle(busy, at: start + 3600)
        _ = download.handleMissing(at: start + 86_400)
        #expect(download.state == .downloading)
        #expect(download.queueStatus(title: "A", at: start + 86_401).status == .downloading)
    }

    @Test("imports a complete download that its client has forgotten")
    func completeThenGone() {
        var download = TrackedDownload(.usenet)
        _ = download.handle(complete, at: start)
        _ = download.handleMissing(at: start + 5)
        #expect(download.importStarted() == [.startImport])
    }

    @Test("waits longer after each failed import, then gives up")
    func backOff() {
        var download = failing(retryable)
        var now = start
        var waits: [Double] = []
        for _ in 0..<20 {
            guard let next = download.nextAttempt else { break }
            waits.append(next.timeIntervalSince(now) / 60)
            #expect(download.tick(at: next - 1) == [])
            #expect(download.tick(at: next) == [.requestImport])
            now = next
            _ = download.importStarted()
            _ = download.importFailed(retryable, at: now)
        }
        #expect(waits == [1, 5, 15, 30, 60, 60, 60, 60, 60])
        #expect(download.state == .failed)
    }

    @Test("shows a failed import that is tried again as a warning with its reason")
    func warningWords() {
        let status = failing(retryable).queueStatus(title: "A.Film", at: start)
        #expect(status.status == .warning)
        #expect(status.health == .warning)
        #expect(status.errorMessage == "not visible")
        #expect(status.messages.first?.title == "A.Film")
        #expect(status.messages.first?.messages.first == "not visible")
    }

    @Test("fails at once when another try cannot help")
    func finalFailure() {
        var download = TrackedDownload(.torrent)
        _ = download.handle(complete, at: start)
        _ = download.importStarted()
        #expect(download.importFailed(final, at: start) == [.notifyFailed])
        #expect(download.queueStatus(title: "A", at: start).status == .failed)
        #expect(download.queueStatus(title: "A", at: start).health == .error)
    }

    @Test("stays failed whatever the client reports, so that old history is not imported for ever")
    func terminal() {
        var download = failing(final)
        #expect(download.handle(complete, at: start + 5) == [])
        #expect(download.tick(at: start + 1e6) == [])
        #expect(download.state == .failed)
    }

    @Test("retries a download that its client gave up, and counts a repeated report once")
    func clientFailure() {
        var download = TrackedDownload(.usenet)
        let gaveUp = DownloadReport(.failed, message: "CRC error")
        #expect(download.handle(gaveUp, at: start) == [.scheduleRetry(at: start + 60)])
        #expect(download.handle(gaveUp, at: start + 5) == [])
        #expect(download.attempts == 1)
        #expect(download.tick(at: start + 60) == [.retryDownload])
        #expect(download.state == .downloading)
        #expect(download.queueStatus(title: "A", at: start + 61).errorMessage == nil)
    }

    @Test("lets the user retry what has failed, and nothing else")
    func userRetry() throws {
        var download = failing(final)
        #expect(try download.retry() == [.requestImport])
        #expect(throws: TrackedDownload.RetryRefusal.inProgress) { try download.retry() }
        var other = imported()
        #expect(throws: TrackedDownload.RetryRefusal.notFailed) { try other.retry() }
    }

    @Test("refuses a retry after too many")
    func exhausted() throws {
        var download = failing(final)
        for _ in 0..<10 {
            _ = try download.retry()
            _ = download.importStarted()
            _ = download.importFailed(final, at: start)
        }
        #expect(throws: TrackedDownload.RetryRefusal.exhausted) { try download.retry() }
    }

    @Test("downloads again when the user retries what the client lost")
    func retryLost() throws {
        var download = TrackedDownload(.torrent)
        _ = download.handle(busy, at: start)
        _ = download.handleMissing(at: start)
        #expect(download.handleMissing(at: start + 90_000) == [.notifyFailed])
        #expect(try download.retry() == [.retryDownload])
    }

    @Test("imports what the client has completed after all when the user retries, and downloads nothing twice")
    func retryCompleted() throws {
        var download = TrackedDownload(.torrent)
        _ = download.handle(busy, at: start)
        _ = download.handleMissing(at: start)
        _ = download.handleMissing(at: start + 86_400)
        #expect(download.state == .failed)
        _ = download.handle(complete, at: start + 90_000)
        #expect(try download.retry() == [.requestImport])
        #expect(download.state == .importPending)
    }

    @Test("says what a complete download waits for")
    func waitsForImport() {
        var download = TrackedDownload(.torrent)
        _ = download.handle(complete, at: start)
        let status = download.queueStatus(title: "Film", at: start)
        #expect(status.status == .completed && status.health == .ok)
        #expect(status.messages.first?.messages.first?.contains("import") == true)
    }

    @Test("puts an import back in line after a restart")
    func restart() {
        var download = TrackedDownload(.torrent)
        _ = download.handle(complete, at: start)
        _ = download.importStarted()
        #expect(download.restarted() == [.requestImport])
        #expect(download.state == .importPending)
        #expect(download.importStarted() == [.startImport])
    }

    @Test("stops the import of a download that the user ignores")
    func ignore() {
        var download = TrackedDownload(.torrent)
        _ = download.handle(complete, at: start)
        _ = download.importStarted()
        #expect(download.ignore() == [.cancelImport])
        #expect(download.importFinished() == [])
        #expect(download.handle(complete, at: start) == [])
        #expect(download.state == .ignored)
    }

    @Test(
        "shows what the client does",
        arguments: [
            (DownloadItem.State.queued, QueueStatus.Status.queued), (.downloading, .downloading), (.paused, .paused),
            (.stalled, .warning), (.missingFiles, .warning), (.checking, .queued), (.fetchingMetadata, .downloading),
            (.postProcessing, .downloading),
        ]
    )
    func wire(state: DownloadItem.State, status: QueueStatus.Status) {
        var download = TrackedDownload(.torrent)
        _ = download.handle(DownloadReport(state), at: start)
        let shown = download.queueStatus(title: "A", at: start)
        #expect(shown.status == status)
        #expect(shown.health == (status == .warning ? .warning : .ok))
    }

    @Test("survives being stored")
    func codable() throws {
        var download = failing(retryable)
        _ = download.handleMissing(at: start)
        let copy = try JSONDecoder().decode(TrackedDownload.self, from: JSONEncoder().encode(download))
        #expect(copy == download)
    }

    @Test("keeps its rules under thousands of random histories", arguments: 0..<8)
    func randomHistories(seed: UInt64) {
        var random = SplitMix(state: seed)
        for _ in 0..<500 { randomHistory(&random) }
    }

    private func randomHistory(_ random: inout SplitMix) {
        var download = TrackedDownload(DownloadProtocol.allCases.randomElement(using: &random) ?? .torrent)
        var now = start
        var completions = 0
        for _ in 0..<60 {
            now += Double.random(in: 0...7200, using: &random)
            let before = download
            let actions = step(&download, at: now, &random)
            let isLegal = before.state == download.state || reaches(before.state, download.state)
            #expect(isLegal, "\(before.state) -> \(download.state)")
            if actions.contains(.startImport) { #expect(before.isComplete && download.state == .importing) }
            if actions.contains(.requestImport) { #expect(download.isComplete && download.state == .importPending) }
            #expect((download.nextAttempt != nil) == (download.state == .failedPending))
            if download.state == .failed || download.state == .failedPending { #expect(download.failure != nil) }
            completions += actions.count { $0 == .notifyCompleted }
            #expect(download.attempts <= 10)
            let shown = download.queueStatus(title: "A", at: now)
            #expect(shown.health == .ok || shown.messages.first?.messages.isEmpty == false)
        }
        #expect(completions <= 1 + download.userRetries)
    }

    /// The states that may follow each state.
    private static func successors(of state: TrackedDownload.State) -> Set<TrackedDownload.State> {
        switch state {
        case .downloading: [.importPending, .failedPending, .failed, .ignored]
        case .importPending: [.importing, .imported, .downloading, .failedPending, .failed, .ignored]
        case .importing: [.imported, .importPending, .downloading, .failedPending, .failed, .ignored]
        case .failedPending: [.downloading, .importPending, .failed, .ignored]
        case .failed: [.downloading, .importPending, .ignored]
        case .imported: [.ignored]
        case .ignored: []
        }
    }

    /// One event may pass through a state on its way, for example from failedPending over downloading.
    private func reaches(_ from: TrackedDownload.State, _ to: TrackedDownload.State) -> Bool {
        let next = Self.successors(of: from)
        return next.contains(to)
            || next.contains(.downloading) && Self.successors(of: .downloading).contains(to)
    }

    private func step(
        _ download: inout TrackedDownload,
        at now: Date,
        _ random: inout SplitMix
    ) -> [TrackedDownload.Action] {
        switch Int.random(in: 0..<15, using: &random) {
        case 0...4:
            let state = DownloadItem.State.allCases.randomElement(using: &random) ?? .downloading
            return download.handle(DownloadReport(state, isComplete: Bool.random(using: &random)), at: now)
        case 5: return download.handleMissing(at: now)
        case 6, 7: return download.importStarted()
        case 8: return download.importFinished()
        case 9: return download.importFailed(retryable, at: now)
        case 10: return download.importFailed(final, at: now)
        case 11: return (try? download.retry()) ?? []
        case 12: return download.restarted()
        case 13:
            download.importCancelled()
            return []
        default: return Int.random(in: 0..<20, using: &random) == 0 ? download.ignore() : download.tick(at: now)
        }
    }
}

/// A small generator that gives the same numbers for the same seed.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
