import PluginAPI

/// What is kept of a torrent between polls: the fields that a `DownloadItem` is made of, no more.
struct Torrent: Sendable {
    /// The id under which hosts know it, which need not be the one under which the server lists it.
    let id: String
    var name = ""
    var state = Open<TorrentState>.known(.unknown)
    var category = ""
    var savePath = ""
    /// `nil` where the version does not tell (before 4.3.2); empty while unknown.
    var contentPath: String?
    /// The info hash where it differs from `id`.
    var infoHash: String?
    var size: Int64 = 0
    var amountLeft: Int64 = 0
    var downloadSpeed: Int64 = 0
    var uploadSpeed: Int64 = 0
    /// Seconds; `noETA` for none.
    var eta = Self.noETA
    var swarmSeeds = -1
    var swarmLeeches = -1
    var connectedSeeds = 0
    var connectedLeeches = 0
    /// Below 0 when complete or unknown.
    var availability = -1.0
    /// -1 for more than qBittorrent shows.
    var ratio = 0.0
    /// The limit in force, after the torrent's, its category's and the global setting; below 0 for none.
    var maxRatio = -1.0
    /// Minutes, as for `maxRatio`.
    var maxSeedingTime = -1
    /// Seconds; `nil` where the version does not tell.
    var seedingTime: Int?

    /// What the Web API gives when it cannot tell.
    static let noETA = 8_640_000

    init(id: String, _ patch: TorrentPatch) {
        self.id = id
        merge(patch)
    }

    /// Takes over the fields that `patch` holds.
    mutating func merge(_ patch: TorrentPatch) {
        name.take(patch.name)
        state.take(patch.state.map { Open<TorrentState>($0) })
        category.take(patch.category)
        savePath.take(patch.savePath)
        contentPath = patch.absoluteContentPath ?? contentPath
        merge(v1: patch.infoHashV1, v2: patch.infoHashV2)
        size.take(patch.size)
        amountLeft.take(patch.amountLeft)
        downloadSpeed.take(patch.downloadSpeed)
        uploadSpeed.take(patch.uploadSpeed)
        eta.take(patch.eta)
        swarmSeeds.take(patch.swarmSeeds)
        swarmLeeches.take(patch.swarmLeeches)
        connectedSeeds.take(patch.connectedSeeds)
        connectedLeeches.take(patch.connectedLeeches)
        availability.take(patch.availability)
        ratio.take(patch.ratio)
        maxRatio.take(patch.maxRatio)
        maxSeedingTime.take(patch.maxSeedingTime)
        seedingTime = patch.seedingTime ?? seedingTime
    }

    /// Prefers the v1 hash, which may have come earlier than the v2 hash, or later.
    private mutating func merge(v1: String?, v2: String?) {
        if let v1, !v1.isEmpty {
            infoHash = v1 == id ? nil : v1
        } else if let v2, !v2.isEmpty, v1 != nil {
            infoHash = v2
        }
    }
}

extension Torrent {
    /// Whether every wanted byte is there.
    ///
    /// A magnet without metadata also has nothing left, but no size.
    var isComplete: Bool {
        amountLeft == 0 && size > 0 && state.value?.isSettled == true
    }

    /// Whether the ratio or the seeding time has reached the limit in force.
    var hasReachedSeedingGoal: Bool {
        // Ratios are rounded on the way.
        if maxRatio >= 0, ratio < 0 || ratio >= maxRatio - 0.001 { return true }
        guard maxSeedingTime >= 0, let seedingTime else { return false }
        return seedingTime >= maxSeedingTime * 60
    }
}

private protocol Replaceable {}

extension Replaceable {
    fileprivate mutating func take(_ new: Self?) {
        if let new { self = new }
    }
}

extension String: Replaceable {}
extension Int: Replaceable {}
extension Int64: Replaceable {}
extension Double: Replaceable {}
extension Open<TorrentState>: Replaceable {}
