import Cryptography
import FoundationEssentials
import PluginAPI

/// Brings finished downloads of the queue into the library: asks the client once more, finds the title, and imports.
struct LibraryImporter: DownloadImporting {
    let store: Store
    let registry: Registry
    let importer: Importer
    let executor: BlockingExecutor
    let qualities: QualityTable
    let moviesRoot: String
    let seriesRoot: String
    let clock: any WallClock

    func importDownload(
        _ item: QueueItem,
        record: @escaping @Sendable (ImportedDownload) async throws -> Bool
    ) async throws(ImportFailure) {
        let source = try await source(of: item)
        let title = try title(for: item)
        var request = ImportRequest(
            importID: RandomBytes.uuid(),
            queueItemID: item.id,
            releaseTitle: item.title,
            media: try media(title, item, source.files),
            rootFolder: title.kind == .movie ? moviesRoot : seriesRoot
        )
        request.isComplete = source.isComplete
        request.contentPath = source.item.contentPath
        request.savePath = source.item.savePath
        request.canMoveFiles = source.item.canMoveFiles
        request.files = source.files
        request.mappings = PathMappings(source.mappings)
        request.libraryFolders = [moviesRoot, seriesRoot]
        try await run(request, title, item, record)
    }

    /// Settles what the last run of the server left behind.
    ///
    /// Call it before the first import.
    func recover(_ journal: any ImportJournal, logger: Logger) async throws {
        let results = try await ImportRecovery(files: importer.files, journal: journal).recover()
        for result in results {
            switch result.outcome {
            case .complete:
                // The store knows nothing of these files yet. Taken back, the download is imported again as a whole.
                do {
                    try await importer.undo(result.importID)
                    logger.info("An import that was cut off is begun again.", ["item": .string(result.queueItemID)])
                } catch {
                    logger.error("An import that was cut off cannot be taken back yet: \(error.message)")
                }
            case .undone: logger.info("An import that was cut off was undone.", ["item": .string(result.queueItemID)])
            case .finished:
                logger.info("An import that was cut off was finished.", ["item": .string(result.queueItemID)])
            case .failed(let failure):
                logger.error("An import that was cut off cannot be settled yet: \(failure.message)")
            }
        }
    }

    /// What the client says at the moment of the import.
    private struct Source {
        let item: DownloadItem
        let isComplete: Bool
        let files: [DownloadFile]?
        let mappings: [PathMapping]
    }

    private func source(of item: QueueItem) async throws(ImportFailure) -> Source {
        do {
            guard let instance = await registry.instance(item.clientID), let downloadID = item.downloadID else {
                throw PluginError(.notFound, "Its download client was deleted.")
            }
            let client = try await registry.downloadClient(instance.id)
            guard let current = try await client.item(downloadID) else {
                throw PluginError(.notFound, "\(instance.name) no longer has it.")
            }
            let files = try await client.files(of: downloadID)
            return Source(
                item: current,
                isComplete: DownloadReport(current).provesCompleteness,
                files: files.isEmpty ? nil : files,
                mappings: instance.pathMappings
            )
        } catch {
            if Task.isCancelled { throw .cancelled }
            let reason = PluginError(wrapping: error).message
            throw ImportFailure(
                .notComplete,
                "The download cannot be looked at for the import: \(reason)",
                isRetryable: true
            )
        }
    }

    /// The title that the download is for; without one, the title that the release's name speaks of, which may be new:
    /// the store learns of it together with its files.
    private func title(for item: QueueItem) throws(ImportFailure) -> Title {
        do {
            if let media = item.media, let title = try store.title(media.titleID) { return title }
            let release = ReleaseName(item.title)
            let kind: Title.Kind = release.isSeries ? .series : .movie
            let name = release.title.isEmpty ? item.title : release.title
            let year = kind == .movie ? release.year : nil
            if let title = try store.title(kind: kind, named: name, year: year) { return title }
            return Title(id: RandomBytes.uuid(), kind: kind, title: name, year: year, added: clock.now)
        } catch {
            throw ImportFailure(.inputOutput, "The library cannot be read: \(error)", isRetryable: true)
        }
    }

    private func media(
        _ title: Title,
        _ item: QueueItem,
        _ files: [DownloadFile]?
    ) throws(ImportFailure) -> ImportRequest.Media {
        let known: [LibraryFile]
        do { known = try store.files(of: title.id) } catch {
            throw ImportFailure(.inputOutput, "The library cannot be read: \(error)", isRetryable: true)
        }
        switch title.kind {
        case .movie:
            var facts = MovieFacts(title: title.title, year: title.year)
            facts.tmdbID = title.tmdbID
            facts.duration = title.runtime.map { Double($0) * 60 }
            let worse = known.first { isBetter(ReleaseName(item.title).quality, than: $0.quality) }
            return .movie(facts, replaces: worse?.path)
        case .series:
            var episodes = Set(known.compactMap(EpisodeKey.init))
            for name in (files ?? []).map(\.path) + [item.title] { episodes.formUnion(EpisodeKey.all(in: name)) }
            var facts = SeriesFacts(title: title.title, episodes: episodes.sorted().map(\.facts))
            facts.year = title.year
            facts.tmdbID = title.tmdbID
            return .series(facts, replaces: [:], wanted: item.media?.episodeIDs ?? [])
        }
    }

    private func isBetter(_ quality: ReleaseQuality, than name: String) -> Bool {
        guard let old = qualities.rows.first(where: { $0.name == name }) else { return false }
        return qualities.rank(of: quality) > old.rank
    }

    private func run(
        _ request: ImportRequest,
        _ title: Title,
        _ item: QueueItem,
        _ record: @escaping @Sendable (ImportedDownload) async throws -> Bool
    ) async throws(ImportFailure) {
        let outcome: Result<Void, ImportFailure> = await withTaskExecutorPreference(executor) {
            do throws(ImportFailure) {
                _ = try await importer.run(request) { report in
                    let imported = imported(report, title, item)
                    guard try await record(imported) else { throw CancellationError() }
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }

    private func imported(_ report: ImportReport, _ title: Title, _ item: QueueItem) -> ImportedDownload {
        let now = clock.now
        let files = report.files.map { file in
            let episode = file.episodeIDs.first.flatMap(EpisodeKey.init(id:))
            return LibraryFile(
                id: RandomBytes.uuid(),
                titleID: title.id,
                season: episode?.season,
                episode: episode?.number,
                path: file.path,
                size: file.size,
                quality: file.quality.name,
                subtitles: file.subtitles,
                queueID: item.id,
                added: now
            )
        }
        let media = QueueItem.Media(
            titleID: title.id,
            kind: title.kind,
            episodeIDs: item.media?.episodeIDs ?? report.files.flatMap(\.episodeIDs)
        )
        return ImportedDownload(
            importID: report.importID,
            title: title,
            media: media,
            files: files,
            replaced: report.files.compactMap(\.replaced)
        )
    }
}

/// An episode of a series that no catalogue describes: its numbers are its name.
private struct EpisodeKey: Hashable, Comparable {
    let season: Int
    let number: Int

    init(season: Int, number: Int) {
        self.season = season
        self.number = number
    }

    init?(_ file: LibraryFile) {
        guard let season = file.season, let number = file.episode else { return nil }
        self.init(season: season, number: number)
    }

    init?(id: String) {
        let parts = id.dropFirst().split(separator: "e").compactMap { Int($0) }
        guard id.hasPrefix("s"), parts.count == 2 else { return nil }
        self.init(season: parts[0], number: parts[1])
    }

    /// The episodes that the last component of a path names.
    static func all(in path: String) -> [EpisodeKey] {
        guard case .episodes(let season, let numbers) = ReleaseName(FilePath.name(of: path)).episodes else { return [] }
        return numbers.map { EpisodeKey(season: season, number: $0) }
    }

    var facts: EpisodeFacts { EpisodeFacts(id: "s\(season)e\(number)", season: season, number: number) }

    static func < (lhs: Self, rhs: Self) -> Bool { (lhs.season, lhs.number) < (rhs.season, rhs.number) }
}

extension ReleaseName {
    /// Whether the name speaks of a season or an episode.
    var isSeries: Bool {
        switch episodes {
        case .episodes, .seasons, .airDate, .completeSeries: true
        case .absolute, nil: false
        }
    }
}
