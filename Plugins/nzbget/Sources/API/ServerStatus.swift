import PluginAPI

/// The state of NZBGet as a whole.
struct ServerStatus: Sendable, Decodable {
    /// Bytes each second.
    var speed: Int64
    /// Whether nothing but forced jobs is downloaded.
    var isPaused: Bool
    /// Whether the quota of the news servers is used up.
    var hasReachedQuota: Bool
    /// MiB.
    var freeSpace: Int64
    /// Seconds since 1970, by NZBGet's clock.
    var time: Int64

    private enum CodingKeys: String, CodingKey {
        case speed = "DownloadRate"
        case isPaused = "DownloadPaused"
        case hasReachedQuota = "QuotaReached"
        case freeSpace = "FreeDiskSpaceMB"
        case time = "ServerTime"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        speed = max(0, fields.value(.speed) ?? 0)
        isPaused = try fields.decode(Bool.self, forKey: .isPaused)
        hasReachedQuota = fields.value(.hasReachedQuota) ?? false
        freeSpace = fields.value(.freeSpace) ?? .max
        time = fields.value(.time) ?? 0
    }
}
