import FoundationEssentials
import PluginAPI

/// Asks all indexers at once, and tells what each of them has as it comes.
///
/// None waits for another, and the whole ends when its time is over, whatever an indexer does.
struct ReleaseSearch: Sendable {
    let registry: Registry
    let shelf: ReleaseShelf
    let qualities: QualityTable
    let redactor: Redactor
    let clock: any WallClock
    let sleeper: any Clock<Duration>

    init(
        registry: Registry,
        shelf: ReleaseShelf,
        qualities: QualityTable,
        redactor: Redactor,
        clock: any WallClock,
        sleeper: any Clock<Duration> = .continuous
    ) {
        self.registry = registry
        self.shelf = shelf
        self.qualities = qualities
        self.redactor = redactor
        self.clock = clock
        self.sleeper = sleeper
    }

    /// Searches, and answers when all have answered or the time is over.
    ///
    /// - Throws: `SearchError`.
    func report(_ request: SearchRequest) async throws -> SearchReport {
        for await event in try await events(request) {
            if case .ended(let report) = event { return report }
        }
        throw CancellationError()
    }

    /// Searches, and tells what comes as it comes.
    ///
    /// The search ends early when nobody listens any more.
    ///
    /// - Throws: `SearchError`.
    func events(_ request: SearchRequest) async throws -> AsyncStream<SearchEvent> {
        let indexers = try await chosen(request)
        let (stream, continuation) = AsyncStream.makeStream(of: SearchEvent.self)
        let task = Task {
            await run(request, indexers, continuation)
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private func chosen(_ request: SearchRequest) async throws -> [Instance] {
        let enabled = await registry.instances(of: .indexer).filter(\.isEnabled)
        guard let ids = request.indexerIDs else {
            if enabled.isEmpty { throw SearchError.noIndexers }
            return enabled
        }
        if let unknown = ids.first(where: { id in !enabled.contains { $0.id == id } }) {
            throw SearchError.noSuchIndexer(unknown)
        }
        return enabled.filter { ids.contains($0.id) }
    }

    private func run(
        _ request: SearchRequest,
        _ indexers: [Instance],
        _ listener: AsyncStream<SearchEvent>.Continuation
    ) async {
        let start = clock.now
        var progress = Progress(ReleaseCollection(shelf: shelf, qualities: qualities), listener)
        listener.yield(.began(indexers))
        for indexer in indexers {
            if let rest = rest(of: indexer, isNamed: request.indexerIDs != nil) { progress.note(rest, [], indexer) }
        }
        let asked = indexers.filter { progress.outcomes[$0.id] == nil }
        for await arrival in arrivals(asked, request) {
            guard case .answer(let indexer, let result, let milliseconds) = arrival else { break }
            let (outcome, found) = await judge(indexer, result, milliseconds)
            progress.note(outcome, found, indexer)
            if progress.outcomes.count == indexers.count { break }
        }
        // Whoever listened is gone, and nobody has failed.
        if Task.isCancelled { return }
        for indexer in indexers where progress.outcomes[indexer.id] == nil {
            let (outcome, _) = await judge(indexer, .failure(Self.late(request)), milliseconds(since: start))
            progress.note(outcome, [], indexer)
        }
        listener.yield(.ended(progress.report(indexers, milliseconds: milliseconds(since: start))))
    }

    /// What a search has come to so far.
    private struct Progress {
        private(set) var outcomes: [String: IndexerOutcome] = [:]
        private var collection: ReleaseCollection
        private let listener: AsyncStream<SearchEvent>.Continuation

        init(_ collection: ReleaseCollection, _ listener: AsyncStream<SearchEvent>.Continuation) {
            self.collection = collection
            self.listener = listener
        }

        /// Takes in what has become of an indexer, and tells the listener.
        mutating func note(_ outcome: IndexerOutcome, _ found: [Release], _ indexer: Instance) {
            outcomes[indexer.id] = outcome
            listener.yield(.answered(outcome, new: collection.add(found, from: indexer)))
        }

        func report(_ indexers: [Instance], milliseconds: Int) -> SearchReport {
            SearchReport(
                releases: collection.sorted,
                outcomes: indexers.compactMap { outcomes[$0.id] },
                isTruncated: collection.isTruncated,
                milliseconds: milliseconds
            )
        }
    }

    // MARK: Asking

    private enum Arrival: Sendable {
        case answer(Instance, Result<[Release], PluginError>, Int)
        case timeIsOver
    }

    /// The answers in the order in which they come, and the end of the time.
    ///
    /// Tasks of their own rather than a group, which would wait for one that does not give up.
    private func arrivals(_ indexers: [Instance], _ request: SearchRequest) -> AsyncStream<Arrival> {
        let (stream, continuation) = AsyncStream.makeStream(of: Arrival.self)
        guard !indexers.isEmpty else {
            continuation.finish()
            return stream
        }
        var tasks = indexers.map { indexer in
            Task {
                let start = clock.now
                let result = await ask(indexer, request)
                continuation.yield(.answer(indexer, result, milliseconds(since: start)))
            }
        }
        tasks.append(
            Task {
                try? await sleeper.sleep(for: request.timeout)
                continuation.yield(.timeIsOver)
            }
        )
        continuation.onTermination = { [tasks] _ in for task in tasks { task.cancel() } }
        return stream
    }

    private func ask(_ indexer: Instance, _ request: SearchRequest) async -> Result<[Release], PluginError> {
        do {
            let found = try await registry.indexer(indexer.id, within: request.timeout).search(request.query)
            return .success(found.map { $0.redacted(by: redactor) })
        } catch {
            return .failure(PluginError(wrapping: error))
        }
    }

    private static func late(_ request: SearchRequest) -> PluginError {
        PluginError(
            .deadlineExceeded,
            "The indexer did not answer within \(request.timeout.components.seconds) seconds, when the search ended."
        )
    }

    // MARK: Judging

    /// Says what an answer means, and lets it count for or against the indexer.
    private func judge(
        _ indexer: Instance,
        _ result: Result<[Release], PluginError>,
        _ milliseconds: Int
    ) async -> (IndexerOutcome, [Release]) {
        switch result {
        case .success(let releases):
            await registry.recordSuccess(indexer.id)
            var outcome = IndexerOutcome(indexer, .ok)
            outcome.count = releases.count
            outcome.milliseconds = milliseconds
            return (outcome, releases)
        case .failure(let error):
            var outcome = IndexerOutcome(indexer, error)
            outcome.milliseconds = milliseconds
            // What cannot be searched there says nothing about how it does, and nor does a limit of requests in a minute.
            if outcome.status != .unsupported, !error.isShortPause { await registry.recordFailure(indexer.id, error) }
            return (outcome, [])
        }
    }

    /// Why an indexer is not asked; `nil` when it is.
    ///
    /// Somebody who names it wants it to be tried, but not against the wish of the indexer itself.
    private func rest(of indexer: Instance, isNamed: Bool) -> IndexerOutcome? {
        let now = clock.now
        guard !indexer.health.mayTry(at: now), let next = indexer.health.nextAttempt else { return nil }
        guard !isNamed || indexer.health.code == PluginError.Code.rateLimited.rawValue else { return nil }
        var outcome = IndexerOutcome(indexer, .skipped)
        outcome.code = indexer.health.code
        outcome.message = "It is left alone until \(next.iso8601). \(indexer.health.message ?? "")"
        outcome.retryAfter = Int(next.timeIntervalSince(now).rounded(.up))
        return outcome
    }

    private func milliseconds(since start: Date) -> Int {
        max(0, Int(clock.now.timeIntervalSince(start) * 1000))
    }
}

extension Release {
    /// Without secrets in what is shown of it, whatever the plugin has put there.
    fileprivate func redacted(by redactor: Redactor) -> Release {
        var release = self
        release.infoURL = infoURL.map(redactor.redact)
        release.attributes = attributes?.mapValues { $0.map(redactor.redact) }
        return release
    }
}
