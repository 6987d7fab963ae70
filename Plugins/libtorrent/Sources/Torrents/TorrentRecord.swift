import PluginAPI

/// A torrent as the plugin knows it.
struct TorrentRecord: Sendable {
    /// Bytes have to come within this time, or the download counts as stalled.
    static let patience = Duration.seconds(10)

    let number: UInt32
    var notes: TorrentNotes
    /// `nil` until the engine has told it for the first time.
    var status: TorrentStatus?
    /// `nil` while the files are not known.
    var layout: TorrentLayout?
    /// What a person has to know of a failure; `nil` when there is none.
    var failure: String?
    /// Whether files are gone that were complete once.
    var isMissingFiles = false
    var isMoving = false
    /// By the name of the tracker's host: what it said when it failed last.
    var trackerFailures: [String: String] = [:]
    /// When payload came last, or the torrent was started.
    var lastProgress: ContinuousClock.Instant
    var isStalled = false
    /// What the host is told.
    private(set) var item: DownloadItem
    /// Of the last change of `item`.
    var revision: UInt64 = 0

    init(number: UInt32, notes: TorrentNotes, layout: TorrentLayout?, now: ContinuousClock.Instant) {
        self.number = number
        self.notes = notes
        self.layout = layout
        lastProgress = now
        item = DownloadItem(id: notes.id, name: notes.name ?? notes.id, state: .queued)
    }

    var id: String { notes.id }

    /// The folder in which the content is at the moment.
    var place: String {
        if let path = status?.savePath, !path.isEmpty { return path }
        return notes.savePath
    }

    /// Whether everything wanted is there, verified, and in its final place.
    var isComplete: Bool {
        guard let status, failure == nil, !isMissingFiles, !isMoving, !status.isMoving else { return false }
        return status.isFinished && status.savePath == notes.savePath
    }

    /// Whether something may change without an event that says so.
    var isLively: Bool {
        guard let status, !status.isPaused || status.isQueued else { return isMoving || status == nil }
        return status.phase != .finished || isMoving
    }

    /// Takes over what the engine says.
    mutating func update(_ new: TorrentStatus, now: ContinuousClock.Instant) {
        let wasPaused = status?.isPaused ?? true
        if new.received != status?.received || (wasPaused && !new.isPaused) { lastProgress = now }
        // A disk that was full takes data again.
        if let old = status, new.received > old.received, new.error == nil { failure = nil }
        status = new
    }

    /// Makes the item anew.
    ///
    /// - Returns: whether it is another one than before.
    mutating func refresh(now: ContinuousClock.Instant) -> Bool {
        isStalled = isWaiting && now - lastProgress > Self.patience
        let new = makeItem()
        defer { item = new }
        return new != item
    }

    /// Whether it wants to download and is allowed to.
    private var isWaiting: Bool {
        guard let status else { return false }
        return status.phase == .downloading && !status.isPaused && failure == nil
    }
}
