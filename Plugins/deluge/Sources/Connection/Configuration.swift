import PluginAPI

/// The daemon's own settings, as far as the plugin looks at them.
struct Configuration: Sendable, Decodable {
    var downloadFolder: String?
    var movesCompleted = false
    var completedFolder: String?
    var addsPaused = false
    var removesAtRatio = false
    var activeDownloads: Int?
    var activeTorrents: Int?
    var maxDownloadSpeed: Double?

    private enum CodingKeys: String, CodingKey {
        case downloadFolder = "download_location"
        case movesCompleted = "move_completed"
        case completedFolder = "move_completed_path"
        case addsPaused = "add_paused"
        case removesAtRatio = "remove_seed_at_ratio"
        case activeDownloads = "max_active_downloading"
        case activeTorrents = "max_active_limit"
        case maxDownloadSpeed = "max_download_speed"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        downloadFolder = values.value(.downloadFolder)
        movesCompleted = values.value(.movesCompleted) ?? false
        completedFolder = values.value(.completedFolder)
        addsPaused = values.value(.addsPaused) ?? false
        removesAtRatio = values.value(.removesAtRatio) ?? false
        activeDownloads = values.value(.activeDownloads)
        activeTorrents = values.value(.activeTorrents)
        maxDownloadSpeed = values.value(.maxDownloadSpeed)
    }

    /// The keys to ask for.
    static let keys: JSONValue = [
        "download_location", "move_completed", "move_completed_path", "add_paused", "remove_seed_at_ratio",
        "max_active_downloading", "max_active_limit", "max_download_speed",
    ]

    /// Where complete downloads are in the end.
    var finalFolder: String? { movesCompleted ? completedFolder : downloadFolder }
}

extension Web {
    func configuration() async throws -> Configuration {
        try await call("core.get_config_values", [Configuration.keys], as: Configuration.self)
    }

    /// Bytes that are free in a folder; below 0 when the daemon cannot see it.
    func freeSpace(in folder: String) async throws -> Int64 {
        try await call("core.get_free_space", [.string(folder)], as: Int64.self)
    }
}
