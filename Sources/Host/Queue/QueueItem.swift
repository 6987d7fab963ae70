import FoundationEssentials
import PluginAPI

/// A download on its way from a release into the library.
struct QueueItem: Sendable, Identifiable {
    /// What the download is for.
    struct Media: Sendable, Equatable {
        /// The id of the title in the library.
        var titleID: String
        var kind: Title.Kind
        var episodeIDs: [String] = []
    }

    var id: String
    /// The instance that downloads it, and its name.
    var clientID: String
    var clientName: String
    /// The client's id; `nil` until the client has taken the download.
    var downloadID: String?
    var infoHash: String?
    /// The name of the release.
    var title: String
    private(set) var downloadProtocol: DownloadProtocol
    let source: PluginManifest.Source
    var category: String?
    /// Whether the client was asked not to start it.
    var isPaused: Bool
    var media: Media?
    var indexer: String?
    var quality: String
    var qualityScore: Int
    var tracked: TrackedDownload
    /// Bytes.
    var size: Int64 = 0
    var remaining: Int64 = 0
    /// Where the client keeps it, in the client's own words.
    var outputPath: String?
    let added: Date
    var started: Date?

    // What follows is as fresh as the last poll, and not stored.

    /// Bytes each second.
    var downloadSpeed: Int64 = 0
    var uploadSpeed: Int64 = 0
    /// Seconds.
    var eta: Int?
    var seeders: Int?
    var leechers: Int?
    var peers: Int?
    /// Why nothing is known of the download just now: its client does not answer.
    var clientProblem: String?
    /// How far the copy into the library is, in words, while there is one.
    var importProgress: String?

    /// From 0 to 1.
    var progress: Double {
        if tracked.isComplete || tracked.state == .imported { return 1 }
        return size > 0 ? min(1, max(0, 1 - Double(remaining) / Double(size))) : 0
    }

    /// Whether a poll may bring news soon.
    var isActive: Bool {
        switch tracked.state {
        case .downloading: tracked.report?.state.value != .paused
        case .importPending, .importing: true
        case .imported, .failedPending, .failed, .ignored: false
        }
    }

    /// Takes in what a client makes of an address.
    mutating func isDownloaded(by downloadProtocol: DownloadProtocol) {
        self.downloadProtocol = downloadProtocol
        tracked.downloadProtocol = .known(downloadProtocol)
    }

    /// Whether it is for no title: what somebody fetches from a page need not be a film.
    var staysWithItsClient: Bool { downloadProtocol == .url && media == nil }

    /// Whether lists leave it out unless they are asked for it.
    var isHidden: Bool { tracked.state == .imported || tracked.state == .ignored }
}

extension QueueItem {
    /// Seconds.
    ///
    /// A longer estimate means that the end cannot be foreseen, whatever number a client has for that.
    static let longestETA = 365 * 86_400

    /// Takes over what the client reports.
    mutating func update(from item: DownloadItem, at now: Date) -> [TrackedDownload.Action] {
        clientProblem = nil
        // A client that knows no name yet may give the address, which may hold a key of its site.
        if hasPlaceholderTitle, !item.name.isEmpty, !item.name.contains("://") { title = Self.shortened(item.name) }
        size = max(0, item.size)
        remaining = min(size, max(0, item.remaining))
        downloadSpeed = item.downloadSpeed
        uploadSpeed = item.uploadSpeed
        eta = item.eta.flatMap { (0...Self.longestETA).contains($0) ? $0 : nil }
        seeders = item.seeders
        leechers = item.leechers
        peers = item.peers
        outputPath = item.contentPath ?? outputPath
        infoHash = item.infoHash ?? infoHash
        // What looked like a plain file has led to a torrent.
        if source == .url, downloadProtocol == .url, infoHash != nil { isDownloaded(by: .torrent) }
        if started == nil, size > 0, remaining < size || item.downloadSpeed > 0 { started = now }
        return tracked.handle(DownloadReport(item), at: now)
    }

    /// Characters of a title or category.
    static let longestName = 1000

    /// A name from outside, which may have any length.
    static func shortened(_ name: String) -> String { String(name.prefix(longestName)) }

    private var hasPlaceholderTitle: Bool {
        title.isEmpty || title == infoHash || (source == .url && title.hasPrefix(ResolvedSource.placeholder))
    }

    /// What must survive a restart.
    ///
    /// A change of anything else is not written.
    var durable: Durable {
        Durable(
            downloadID: downloadID,
            title: title,
            infoHash: infoHash,
            downloadProtocol: downloadProtocol,
            size: size,
            outputPath: outputPath,
            started: started,
            media: media,
            quality: quality,
            state: tracked.state,
            failure: tracked.failure,
            attempts: tracked.attempts,
            nextAttempt: tracked.nextAttempt,
            isRetrying: tracked.isRetrying,
            isComplete: tracked.isComplete,
            missingSince: tracked.missingSince,
            troubledSince: tracked.troubledSince,
            clientID: clientID
        )
    }

    /// The lasting part of an item.
    struct Durable: Equatable {
        let downloadID: String?
        let title: String
        let infoHash: String?
        let downloadProtocol: DownloadProtocol
        let size: Int64
        let outputPath: String?
        let started: Date?
        let media: Media?
        let quality: String
        let state: TrackedDownload.State
        let failure: TrackedDownload.Failure?
        let attempts: Int
        let nextAttempt: Date?
        let isRetrying: Bool
        let isComplete: Bool
        let missingSince: Date?
        let troubledSince: Date?
        let clientID: String
    }
}
