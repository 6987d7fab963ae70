import FoundationEssentials
import PluginAPI

/// Fills in what the catalogues know of titles that were added to the library, one after the other and in the background.
///
/// What is to be done stands in the store, so that a restart forgets nothing. Without a provider everything waits.
actor TitleFiller {
    /// Seconds to wait after each failure to reach a catalogue; after the last one the title stays as it is.
    private static let waits: [Double] = [60, 300, 900, 3600, 21_600, 86_400, 86_400]
    /// Titles that are read from the store at a time.
    private static let batch = 20

    private let store: Store
    private let catalog: MetadataCatalog
    private let pictures: PictureCache
    private let logger: Logger
    private let clock: any WallClock
    private var running: Task<Void, Never>?
    private var isEnding = false

    init(store: Store, catalog: MetadataCatalog, pictures: PictureCache, logger: Logger, clock: any WallClock) {
        self.store = store
        self.catalog = catalog
        self.pictures = pictures
        self.logger = logger
        self.clock = clock
    }

    /// Begins with what is due, unless that runs already; it does not wait for it.
    func tick() async {
        guard running == nil, !isEnding, await !catalog.registry.metadataProviders.isEmpty else { return }
        guard running == nil, let due = try? store.dueLookups(at: clock.now, limit: Self.batch), !due.isEmpty else {
            return
        }
        running = Task {
            for lookup in due where !Task.isCancelled { await self.fill(lookup) }
            self.running = nil
        }
    }

    /// Ends what runs; the rest is done after the next start.
    func stop() async {
        isEnding = true
        running?.cancel()
        await running?.value
    }

    private func fill(_ lookup: Store.TitleLookup) async {
        do {
            guard let title = try store.title(lookup.titleID) else { return }
            let found = try await find(title).map { title.filled(from: $0) }
            try await store.endLookup(lookup, with: found)
            guard let found else { return logger.info("No catalogue knows for certain which title \(title.title) is.") }
            logger.info("\(found.title) was filled in from a catalogue.", ["title": .string(title.id)])
            await prefetch(found.posterURL)
        } catch MetadataFailure.noProvider {
            return
        } catch is CancellationError {
            return
        } catch {
            if !Task.isCancelled { await postpone(lookup, error) }
        }
    }

    /// The title in the catalogues; `nil` when none of them has it, or more than one could be meant.
    private func find(_ title: Title) async throws -> MetadataTitle? {
        let kind: MetadataTitle.Kind = title.kind == .movie ? .movie : .series
        do {
            if let number = title.tmdbID {
                return try await catalog.ask(.title(kind, MetadataID(source: "tmdb", id: String(number)))).value
            }
            var query = MetadataQuery(text: title.title)
            query.kind = .known(kind)
            query.year = title.year
            let answer = try await catalog.ask(.search(query))
            guard let match = TitleMatch(name: title.title, year: title.year).only(of: answer.value) else { return nil }
            let id = MetadataID(source: answer.provider.implementation, id: match.id)
            return try await catalog.ask(.title(kind, id)).value
        } catch MetadataFailure.notFound {
            return nil
        }
    }

    /// A poster is seen soon; when it cannot be fetched now, whoever looks at it is told why.
    private func prefetch(_ poster: String?) async {
        guard let poster, poster.hasPrefix(PictureID.path) else { return }
        _ = try? await pictures.picture(String(poster.dropFirst(PictureID.path.count)))
    }

    private func postpone(_ lookup: Store.TitleLookup, _ error: any Error) async {
        let words = (error as? MetadataFailure)?.message ?? error.words
        do {
            guard lookup.attempts < Self.waits.count else {
                logger.warning(
                    "A title stays without data of a catalogue: \(words)",
                    ["title": .string(lookup.titleID)]
                )
                return try await store.endLookup(lookup, with: nil)
            }
            var wait = Self.waits[lookup.attempts]
            if case MetadataFailure.failed(let problems) = error {
                wait = max(wait, problems.compactMap(\.error.retryDelay).map(Double.init).max() ?? 0)
            }
            let next = clock.now.addingTimeInterval(wait)
            try await store.postponeLookup(of: lookup.titleID, attempts: lookup.attempts + 1, until: next)
        } catch {
            logger.error("What becomes of a title cannot be stored: \(error.words)")
        }
    }
}

extension Title {
    /// What a catalogue knows of this title, with pictures as this server shows them.
    fileprivate func filled(from found: MetadataTitle) -> Title {
        var title = self
        // What a catalogue does not know is better than nothing as somebody has entered it.
        if !found.title.isEmpty { title.title = found.title }
        title.year = found.year ?? year
        title.tmdbID = found.externalIDs["tmdb"].flatMap { Int($0) } ?? tmdbID
        title.overview = found.overview
        title.runtime = found.runtime
        title.genres = found.genres
        title.certification = found.certification
        title.posterURL = found.picture(.poster)
        title.backdropURL = found.picture(.backdrop)
        return title
    }
}

extension MetadataTitle {
    /// Where this server shows the first picture of a kind.
    func picture(_ kind: MetadataImage.Kind) -> String? {
        images.first { $0.kind == kind }.map { PictureID.path + PictureID($0.url).text }
    }
}
