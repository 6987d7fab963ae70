import CLibTorrent

/// What the engine says about a torrent at one moment.
struct TorrentStatus: Hashable, Sendable {
    /// What the engine does with a torrent that is not paused.
    enum Phase: Hashable, Sendable {
        case checking, fetchingMetadata, downloading, finished
    }

    var phase: Phase
    var isPaused: Bool
    /// Whether the engine pauses and resumes it by the limit of downloads at once.
    var isQueued: Bool
    var hasMetadata: Bool
    var isMoving: Bool
    var needsSave: Bool
    var error: EngineFailure?
    /// Bytes that are wanted, and those of them that are there.
    var wanted, wantedDone: Int64
    /// Bytes of payload that came in this session.
    var received: Int64
    /// Bytes in the torrent's whole life.
    var downloaded, uploaded: Int64
    /// Bytes of payload each second.
    var downloadRate, uploadRate: Int64
    var peers, seeds: Int
    /// What the tracker says; `nil` while it has not.
    var swarmSeeds, swarmLeechers: Int?
    /// How many of each piece can be reached, as far as known.
    var copies: Double?
    var seedingSeconds: Int64
    var name: String
    var savePath: String

    init(_ raw: kdt_status) {
        phase =
            switch UInt32(raw.phase) {
            case KDT_METADATA.rawValue: .fetchingMetadata
            case KDT_DOWNLOADING.rawValue: .downloading
            case KDT_FINISHED.rawValue, KDT_SEEDING.rawValue: .finished
            default: .checking
            }
        isPaused = raw.flags & UInt32(KDT_PAUSED) != 0
        isQueued = raw.flags & UInt32(KDT_QUEUED) != 0
        hasMetadata = raw.has_metadata
        isMoving = raw.is_moving
        needsSave = raw.needs_save
        error = raw.has_error ? EngineFailure(raw.error) : nil
        (wanted, wantedDone, received) = (raw.wanted, raw.wanted_done, raw.received)
        (downloaded, uploaded) = (raw.downloaded, raw.uploaded)
        (downloadRate, uploadRate) = (Int64(raw.download_rate), Int64(raw.upload_rate))
        (peers, seeds) = (Int(raw.peers), Int(raw.seeds))
        swarmSeeds = raw.swarm_seeds >= 0 ? Int(raw.swarm_seeds) : nil
        swarmLeechers = raw.swarm_leechers >= 0 ? Int(raw.swarm_leechers) : nil
        copies = raw.copies >= 0 ? raw.copies : nil
        seedingSeconds = raw.seeding_seconds
        name = raw.name.map { String(cString: $0) } ?? ""
        savePath = raw.save_path.map { String(cString: $0) } ?? ""
    }

    /// Whether everything that is wanted is there and verified.
    var isFinished: Bool { hasMetadata && phase == .finished && wantedDone >= wanted }

    /// Bytes uploaded for each byte downloaded, or for each byte of the content when it was there from the start.
    var ratio: Double {
        let base = max(downloaded, wanted)
        return base > 0 ? Double(uploaded) / Double(base) : 0
    }
}
