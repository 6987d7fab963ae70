import PluginAPI

/// A torrent with the fields that a `DownloadItem` is made of.
///
/// A field of an unexpected type counts as absent.
struct Torrent: Sendable, Decodable {
    /// What Deluge does with a torrent.
    enum State: String, Sendable {
        case allocating = "Allocating"
        case checking = "Checking"
        case downloading = "Downloading"
        case seeding = "Seeding"
        case paused = "Paused"
        case error = "Error"
        case queued = "Queued"
        case moving = "Moving"
    }

    var name = ""
    var state = Open<State>.unknown("")
    /// Deluge's own message; "OK" when all is well.
    var message = ""
    /// What the tracker has said, for example "Announce OK" or "Error: ...".
    var trackerStatus = ""
    /// 0 while the metadata is missing.
    var totalSize: Int64 = 0
    var wanted: Int64 = 0
    var remaining: Int64 = 0
    var downloadSpeed: Int64 = 0
    var uploadSpeed: Int64 = 0
    /// Seconds; 0 for none.
    var eta = 0
    /// Set when the content has been moved to where it belongs.
    var isFinished = false
    /// Below 0 for none.
    var ratio = -1.0
    var stopsAtRatio = false
    var stopRatio = -1.0
    var connectedSeeds = 0
    var connectedPeers = 0
    /// -1 while the tracker has told nothing.
    var swarmSeeds = -1
    var swarmPeers = -1
    var copies = 0.0
    var folder = ""
    var label = ""

    private enum CodingKeys: String, CodingKey {
        case name, state, message, eta, ratio, label
        case trackerStatus = "tracker_status"
        case totalSize = "total_size"
        case wanted = "total_wanted"
        case remaining = "total_remaining"
        case downloadSpeed = "download_payload_rate"
        case uploadSpeed = "upload_payload_rate"
        case isFinished = "is_finished"
        case stopsAtRatio = "stop_at_ratio"
        case stopRatio = "stop_ratio"
        case connectedSeeds = "num_seeds"
        case connectedPeers = "num_peers"
        case swarmSeeds = "total_seeds"
        case swarmPeers = "total_peers"
        case copies = "distributed_copies"
        case folder = "download_location"
    }

    /// The keys to ask for.
    static let keys: JSONValue = [
        "name", "state", "message", "tracker_status", "total_size", "total_wanted", "total_remaining",
        "download_payload_rate", "upload_payload_rate", "eta", "is_finished", "ratio", "stop_at_ratio", "stop_ratio",
        "num_seeds", "num_peers", "total_seeds", "total_peers", "distributed_copies", "download_location", "label",
    ]

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        name = values.value(.name) ?? ""
        state = Open(values.value(.state) ?? "")
        message = values.value(.message) ?? ""
        trackerStatus = values.value(.trackerStatus) ?? ""
        totalSize = values.value(.totalSize) ?? 0
        wanted = values.value(.wanted) ?? 0
        remaining = values.value(.remaining) ?? 0
        downloadSpeed = Self.whole(values.value(.downloadSpeed))
        uploadSpeed = Self.whole(values.value(.uploadSpeed))
        eta = Int(Self.whole(values.value(.eta)))
        isFinished = values.value(.isFinished) ?? false
        ratio = values.value(.ratio) ?? -1
        stopsAtRatio = values.value(.stopsAtRatio) ?? false
        stopRatio = values.value(.stopRatio) ?? -1
        connectedSeeds = values.value(.connectedSeeds) ?? 0
        connectedPeers = values.value(.connectedPeers) ?? 0
        swarmSeeds = values.value(.swarmSeeds) ?? -1
        swarmPeers = values.value(.swarmPeers) ?? -1
        copies = values.value(.copies) ?? 0
        folder = values.value(.folder) ?? ""
        label = values.value(.label) ?? ""
    }

    /// Rates and times are numbers with a fraction in some versions.
    private static func whole(_ number: Double?) -> Int64 {
        guard let number, number.isFinite, number > 0, number < 9e15 else { return 0 }
        return Int64(number)
    }

    /// Whether everything has arrived and waits for, or is in, the move to its final place.
    var isBeingMoved: Bool {
        state == .moving || (totalSize > 0 && remaining == 0 && !isFinished && state == .seeding)
    }

    /// Whether every wanted byte is there, verified, and in its final place.
    ///
    /// A magnet without metadata has no size. The state is "Seeding" for a moment before the files are moved.
    var isComplete: Bool {
        guard isFinished, remaining == 0, totalSize > 0 else { return false }
        return state == .seeding || state == .paused || state == .queued
    }
}
