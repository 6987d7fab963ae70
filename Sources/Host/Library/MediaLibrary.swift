import Cryptography
import FoundationEssentials
import PluginAPI

/// The titles that people have added, their downloads and their files: what a player shows and plays.
struct MediaLibrary: Sendable {
    let store: Store
    let queue: DownloadQueue
    let snapshot: QueueSnapshot
    let logger: Logger
    let clock: any WallClock
    /// The folders under which files may be deleted; symbolic links may lead to them.
    let roots: [String]
    /// Says that there is something new in the outbox.
    var hasNews: @Sendable () -> Void = {}

    /// What somebody wants to watch.
    struct Request: Sendable {
        var magnet: String
        var kind: Title.Kind?
        var title: String?
        var year: Int?
        var tmdbID: Int?
        var overview: String?
        var posterURL: String?
        var backdropURL: String?
        var genres: [String] = []
        var certification: String?
    }

    /// A title with all that is known of it.
    struct Media: Sendable {
        let title: Title
        let files: [LibraryFile]
        /// The newest download for it.
        let download: QueueItem?

        var status: Status {
            if !files.isEmpty { return .ready }
            guard let download else { return .added }
            switch download.tracked.state {
            case .importPending, .importing, .imported: return .completed
            case .failed, .ignored: return .error
            case .failedPending: return download.tracked.failure?.stage == .import ? .completed : .downloading
            case .downloading: return download.tracked.report == nil ? .added : .downloading
            }
        }

        /// From 0 to 100.
        var progress: Double {
            files.isEmpty ? ((download?.progress ?? 0) * 1000).rounded(.down) / 10 : 100
        }
    }

    /// The states of a title, with their names in the API.
    enum Status: String, Sendable {
        case added, downloading, completed, ready, error
    }

    /// Adds a title and starts its download.
    ///
    /// - Returns: the title, and whether it is new. A magnet that is there already gives the title that it belongs to.
    /// - Throws: `QueueError`; nothing is kept then.
    func add(_ request: Request) async throws -> (media: Media, isNew: Bool) {
        let source = try ResolvedSource(.magnet(request.magnet))
        if let hash = source.infoHash, let item = await queue.item(withInfoHash: hash), let id = item.media?.titleID,
            let media = try media(id)
        {
            return (media, false)
        }
        let (title, isNew) = try title(for: request, source)
        var download = DownloadRequest(.magnet(request.magnet))
        download.titleID = title.id
        download.newTitle = isNew ? title : nil
        // What the queue has already belongs to the title that it was added for; without one, to this title.
        let outcome = try await queue.add(download)
        let id = outcome.item.media?.titleID ?? title.id
        guard let media = try media(id) else { throw QueueError.noSuchTitle(id, title.kind) }
        return (media, isNew && id == title.id)
    }

    /// Another season of a series belongs to the series that is there; every other magnet makes a title of its own.
    private func title(for request: Request, _ source: ResolvedSource) throws -> (Title, isNew: Bool) {
        let release = ReleaseName(source.name ?? "")
        let kind = request.kind ?? (release.isSeries ? .series : .movie)
        if kind == .series, let id = request.tmdbID, let title = try store.title(kind: .series, tmdbID: id) {
            return (title, false)
        }
        let name = request.title ?? release.title.nonEmpty ?? source.name ?? source.infoHash ?? "Untitled"
        var title = Title(
            id: RandomBytes.uuid(),
            kind: kind,
            title: name,
            year: request.year ?? (request.title == nil ? release.year : nil),
            tmdbID: request.tmdbID,
            overview: request.overview,
            posterURL: request.posterURL,
            backdropURL: request.backdropURL,
            genres: request.genres,
            certification: request.certification,
            added: clock.now
        )
        title.isNameGuessed = request.title == nil
        return (title, true)
    }

    func media(_ id: String) throws -> Media? {
        guard let title = try store.title(id) else { return nil }
        let download = snapshot.newestItem(for: id)
        return Media(title: title, files: try store.files(of: id), download: download)
    }

    /// The magnet that the download of a title was made from; `nil` when there is none, or when the key that opens it is
    /// lost.
    func magnet(of media: Media) throws -> String? {
        guard let download = media.download, download.source == .magnet else { return nil }
        do {
            return try queue.link(of: download.id)
        } catch let error as CryptographyError {
            logger.error("The magnet of \(media.title.title) cannot be shown. \(error)", ["item": .string(download.id)])
            return nil
        }
    }

    func all(kind: Title.Kind?) throws -> [Media] {
        let titles = try store.titles(kind: kind)
        let files = Dictionary(grouping: try store.files(), by: \.titleID)
        return titles.map { Media(title: $0, files: files[$0.id] ?? [], download: snapshot.newestItem(for: $0.id)) }
    }

    /// Removes a title: its downloads with their data, its files, its record.
    ///
    /// - Returns: `false` when there is no such title.
    /// - Throws: `FileError` when a file could not be removed: the title stays then, so that it can be tried again.
    func remove(_ id: String) async throws -> Bool {
        guard let title = try store.title(id) else { return false }
        var options = DownloadQueue.RemovalOptions()
        options.deletesFiles = true
        for item in await queue.items(for: id) { try await queue.remove(item.id, options) }
        let files = try store.files(of: id)
        let removal = LibraryRemoval(roots: roots, files: LocalFileSystem(), logger: logger)
        try await BlockingWork.run { for file in files { try removal.remove(file) } }
        let now = clock.now
        try await store.deleteTitle(id, announcing: [.deleted(title, files, at: now)], now: now)
        hasNews()
        return true
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
