import PluginAPI

/// A torrent with the fields that a `DownloadItem` is made of.
///
/// A field of an unexpected type counts as absent.
struct Torrent: Sendable, Decodable {
    /// What happens to a torrent (`status`); the numbers are those of version 14 and later.
    enum Activity: Int, Sendable {
        case stopped, waitingForCheck, checking, waitingForDownload, downloading, waitingForSeeding, seeding
    }

    /// Whose fault an error is (`error`).
    enum Fault: Int, Sendable {
        case none, trackerWarning, trackerError, local
    }

    /// What a tracker says.
    struct Tracker: Sendable, Decodable {
        var seeders, leechers: Int?

        private enum CodingKeys: String, CodingKey {
            case seeders = "seederCount"
            case leechers = "leecherCount"
        }
    }

    /// New after each start of Transmission.
    var number: Int
    var hash: String
    var name: String
    var activity: Activity?
    var fault = Fault.none
    var errorText = ""
    /// 0 to 1: how much of the list of files of a magnet is there.
    var metadata = 0.0
    var left: Int64 = 0
    /// Bytes that are wanted.
    var wanted: Int64 = 0
    /// Bytes that are wanted, missing, and held by somebody connected.
    var reachable: Int64?
    var downloadSpeed: Int64 = 0
    var uploadSpeed: Int64 = 0
    /// Seconds; below 0 for none.
    var eta = -1
    /// Whether seeding was ended by a limit.
    var isFinished = false
    var folder = ""
    var labels: [String] = []
    /// Below 0 for none.
    var ratio = -1.0
    var peers = 0
    var sendingPeers = 0
    var trackers: [Tracker]?

    private enum CodingKeys: String, CodingKey {
        case name, status, error, errorString, metadataPercentComplete, leftUntilDone, sizeWhenDone, desiredAvailable
        case rateDownload, rateUpload, eta, isFinished, downloadDir, labels, uploadRatio, peersConnected
        case peersSendingToUs, trackerStats
        case number = "id"
        case hash = "hashString"
    }

    /// The fields to ask for.
    static let fields: JSONValue = [
        "id", "hashString", "name", "status", "error", "errorString", "metadataPercentComplete", "leftUntilDone",
        "sizeWhenDone", "desiredAvailable", "rateDownload", "rateUpload", "eta", "isFinished", "downloadDir", "labels",
        "uploadRatio", "peersConnected", "peersSendingToUs",
    ]
    /// The same with what the trackers say: too much to ask of torrents at which nothing happens.
    static let fieldsWithTrackers: JSONValue = .array((fields.array ?? []) + ["trackerStats"])

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        number = values.value(.number) ?? -1
        hash = try values.decode(String.self, forKey: .hash).lowercased()
        name = values.value(.name) ?? ""
        activity = values.value(.status).flatMap(Activity.init)
        fault = values.value(.error).flatMap(Fault.init) ?? .none
        errorText = values.value(.errorString) ?? ""
        metadata = values.value(.metadataPercentComplete) ?? 1
        left = values.value(.leftUntilDone) ?? 0
        wanted = values.value(.sizeWhenDone) ?? 0
        reachable = values.value(.desiredAvailable)
        downloadSpeed = values.value(.rateDownload) ?? 0
        uploadSpeed = values.value(.rateUpload) ?? 0
        eta = values.value(.eta) ?? -1
        isFinished = values.value(.isFinished) ?? false
        folder = values.value(.downloadDir) ?? ""
        labels = values.value(.labels) ?? []
        ratio = values.value(.uploadRatio) ?? -1
        peers = values.value(.peersConnected) ?? 0
        sendingPeers = values.value(.peersSendingToUs) ?? 0
        trackers = values.value(.trackerStats)
    }

    /// Whether every wanted byte is there and verified.
    ///
    /// A magnet without metadata also has nothing left, but no size.
    var isComplete: Bool {
        guard left == 0, metadata >= 1, wanted > 0, fault != .local else { return false }
        return activity == .seeding || activity == .waitingForSeeding || activity == .stopped
    }
}
