/// A download as its client reports it.
public struct DownloadItem: Hashable, Sendable, Codable {
    /// What the client is doing with the download.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// Waits for its turn.
        case queued
        /// A magnet whose files are not known yet.
        case fetchingMetadata = "fetching_metadata"
        /// Receives what is missing.
        case downloading
        /// Wants to download and gets nothing.
        case stalled
        /// Stopped by a person or by a limit; `resume` goes on.
        case paused
        /// Hashes what is on disk, or reserves space.
        case checking
        /// Repairs, unpacks or moves what was downloaded.
        case postProcessing = "post_processing"
        /// Complete, and shared with others.
        case seeding
        /// Complete, and idle.
        case completed
        /// Given up; `message` says why.
        case failed
        /// Complete once, but its files are gone.
        case missingFiles = "missing_files"
    }

    /// What is done to a download whose state is `postProcessing`.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        /// Compares what is there with its checksums.
        case verifying
        /// Makes what is missing or broken from the repair blocks.
        case repairing
        /// Unpacks archives.
        case extracting
        /// Puts separate streams, such as sound and picture, into one file.
        case merging
        /// Writes the file anew in another format.
        case converting
        /// Brings the files to their final place.
        case moving
        /// Runs a script that the user of the client has set up.
        case script
    }

    /// The client's id, the same as in `AddedDownload.id`.
    public var id: String
    /// What the client shows, which need not be the name of a file.
    public var name: String
    /// What the client is doing with the download.
    public var state: Open<State>
    /// What is done to it while `state` is `postProcessing`; `nil` when the client does not tell.
    public var stage: Open<Stage>?
    /// Bytes that will be downloaded; 0 while unknown.
    public var size: Int64
    /// Bytes of `size` that are still missing.
    public var remaining: Int64
    /// Whether every wanted byte is downloaded, verified and in its final place; key `is_complete`.
    ///
    /// The client's plugin decides this from the client's own words, never from the existence of a path.
    public var isComplete: Bool
    /// Bytes each second that arrive; key `download_speed`.
    public var downloadSpeed: Int64
    /// Bytes each second that are sent to others; key `upload_speed`.
    public var uploadSpeed: Int64
    /// Seconds until the download is complete; `nil` when the client cannot tell.
    public var eta: Int?
    /// Others that have all of it, as far as the client knows.
    public var seeders: Int?
    /// Others that still need some of it, as far as the client knows.
    public var leechers: Int?
    /// Peers that the client is connected with.
    public var peers: Int?
    /// Copies of the content that can be reached; below 1 the download cannot finish.
    public var availability: Double?
    /// Bytes uploaded for each byte downloaded.
    public var ratio: Double?
    /// The client's category; `nil` when it has none.
    public var category: String?
    /// The folder for the content, as the client sees it; key `save_path`.
    public var savePath: String?
    /// The file, or the folder with the files, as the client sees it; `nil` while unknown.
    ///
    /// Key `content_path`.
    public var contentPath: String?
    /// The info hash of a torrent in lower-case hexadecimal digits, the v1 one of a hybrid; key `info_hash`.
    public var infoHash: String?
    /// Whether the client no longer needs the files, so they may be moved away; key `can_move_files`.
    public var canMoveFiles: Bool
    /// Whether the download has reached its seeding goal and may be removed; key `can_be_removed`.
    public var canBeRemoved: Bool
    /// What the client says about a failure, or about what it waits for.
    public var message: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case id, name, state, stage, size, remaining
        case eta, seeders, leechers, peers, availability, ratio, category, message
        case isComplete = "is_complete"
        case downloadSpeed = "download_speed"
        case uploadSpeed = "upload_speed"
        case savePath = "save_path"
        case contentPath = "content_path"
        case infoHash = "info_hash"
        case canMoveFiles = "can_move_files"
        case canBeRemoved = "can_be_removed"
    }

    /// A download of unknown size of which nothing is there yet.
    public init(id: String, name: String, state: State) {
        self.id = id
        self.name = name
        self.state = .known(state)
        self.size = 0
        self.remaining = 0
        self.isComplete = false
        self.downloadSpeed = 0
        self.uploadSpeed = 0
        self.canMoveFiles = false
        self.canBeRemoved = false
    }
}

/// The answer to `DownloadClient.changes`.
public struct DownloadChanges: Hashable, Sendable, Codable {
    /// What to send next time: the plugin's own text, which nobody else interprets.
    public var cursor: String
    /// Whether `items` is everything that the client has, so that whatever is not in it is gone; key `is_complete`.
    public var isComplete: Bool
    /// New or changed downloads.
    public var items: [DownloadItem]
    /// Ids of downloads that are gone.
    public var removed: [String]

    enum CodingKeys: String, CodingKey, CaseIterable {
        case cursor, items, removed
        case isComplete = "is_complete"
    }

    /// An answer; `removed` matters only when it is not complete.
    public init(cursor: String, isComplete: Bool, items: [DownloadItem], removed: [String] = []) {
        self.cursor = cursor
        self.isComplete = isComplete
        self.items = items
        self.removed = removed
    }
}
