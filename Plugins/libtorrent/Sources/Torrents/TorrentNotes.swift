import FoundationEssentials
import PluginAPI

/// What is kept of a torrent beside the engine's own state, in the same file.
struct TorrentNotes: Hashable, Sendable, Codable {
    /// Never changes: the info hash under which it was added.
    var id: String
    /// The other hash, and the same one again.
    var v1, v2: String?
    /// What the source called it.
    var name: String?
    var category: String?
    /// The folder in which the content has to be in the end.
    var savePath: String
    var added: Date
    /// When everything was there and in its place for the first time.
    var completed: Date?
    /// Whether a person has paused it.
    var isPaused = false
    /// Whether it has been shared as much as was wanted, and stopped for that.
    var reachedGoal = false
    /// Whether the limit of downloads at once does not hold for it.
    var isForced: Bool?
    var isSequential = false
    /// Whether the two limits below hold, rather than those of the settings; absent in what an earlier version has written,
    /// which always wrote the limits down.
    var hasOwnLimits: Bool?
    /// Upload ratio at which seeding ends.
    var seedRatioLimit: Double?
    /// Minutes of seeding after which it ends.
    var seedTimeLimit: Int?
    /// Bytes each second; absent or 0 for no limit of its own.
    var downloadLimit, uploadLimit: Int?
    /// Whether its files were being brought to `savePath` when this was written.
    var isMoving: Bool?
    /// Whether it was being removed together with its files.
    var isRemoving: Bool?

    init(id: String, hashes: InfoHashes, savePath: String, added: Date) {
        self.id = id
        (v1, v2) = (hashes.v1, hashes.v2)
        self.savePath = savePath
        self.added = added
    }

    var hashes: InfoHashes {
        get { InfoHashes(v1: v1, v2: v2) }
        set { (v1, v2) = (newValue.v1 ?? v1, newValue.v2 ?? v2) }
    }

    /// When seeding ends: at whichever limit is reached first.
    func sharing(_ settings: LibTorrentSettings) -> (ratio: Double?, minutes: Int?) {
        guard hasOwnLimits == false else { return (seedRatioLimit, seedTimeLimit) }
        return settings.seedForever ? (nil, nil) : (settings.seedRatioLimit, settings.seedTimeLimit)
    }

    func mode(exchangesPeers: Bool) -> TransferMode {
        TransferMode(
            isPaused: isPaused || reachedGoal,
            waitsItsTurn: isForced != true,
            isSequential: isSequential,
            exchangesPeers: exchangesPeers
        )
    }
}
