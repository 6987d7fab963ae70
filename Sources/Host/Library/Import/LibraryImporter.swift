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
        progress: @escaping @Sendable (String) -> Void,
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
        try await run(request, title, item, progress, record)
    }

    /// Settles what the last run of the server left behind.
    ///
    /// Call it before the first import.
    func recover(_ journal: any ImportJournal, logger: Logger) async throws {
        let results = try await ImportRecovery(files: importer.files, journal: journal).recover()
        for result in results {
            switch result.outcome {
            case .undone:
                logger.info("An import that was cut off is begun again.", ["item": .string(result.queueItemID)])
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
            var title = Title(id: RandomBytes.uuid(), kind: kind, title: name, year: year, added: clock.now)
            title.isNameGuessed = true
            return title
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
            let names = (files ?? []).prefix(ContentWalk.mostEntries).map(\.path) + [item.title]
            let numbers = names.compactMap { ReleaseName(FilePath.name(of: $0)).episodes }
            let episodes = Set(known.compactMap(EpisodeKey.init) + numbers.flatMap(EpisodeKey.all))
            var facts = SeriesFacts(title: title.title, episodes: episodes.sorted().map(\.facts))
            if !numbers.isEmpty, numbers.allSatisfy(\.isAirDate) { facts.kind = .daily }
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
        _ progress: @escaping @Sendable (String) -> Void,
        _ record: @escaping @Sendable (ImportedDownload) async throws -> Bool
    ) async throws(ImportFailure) {
        let words = ProgressWords()
        let outcome: Result<Void, ImportFailure> = await withTaskExecutorPreference(executor) {
            do throws(ImportFailure) {
                let disk = LibraryDisk(store: store, files: importer.files)
                try disk.check(request.rootFolder)
                let tell: Importer.Progress = { step, done, total in
                    if let text = words.next(step, done, total) { progress(text) }
                    return true
                }
                _ = try await importer.run(request, progress: tell) { report in
                    let imported = imported(report, title, item)
                    guard try await record(imported) else { throw CancellationError() }
                }
                await disk.remember(request.rootFolder)
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

extension ReleaseName {
    /// Whether the name speaks of a season or an episode.
    var isSeries: Bool {
        episodes != nil
    }
}
