import PluginAPI

/// The server's own settings, as far as the plugin looks at them.
struct Preferences: Sendable, Decodable {
    var savePath: String?
    var incompletePath: String?
    var usesIncompletePath: Bool?
    var marksIncompleteFiles: Bool?
    /// 0 stop, 1 remove, 2 super seeding, 3 remove with the files.
    var limitAction: Int?
    var addsPaused, addsStopped: Bool?
    var queues: Bool?
    var activeDownloads, activeTorrents: Int?

    private enum CodingKeys: String, CodingKey {
        case savePath = "save_path"
        case incompletePath = "temp_path"
        case usesIncompletePath = "temp_path_enabled"
        case marksIncompleteFiles = "incomplete_files_ext"
        case limitAction = "max_ratio_act"
        case addsPaused = "start_paused_enabled"
        case addsStopped = "add_stopped_enabled"
        case queues = "queueing_enabled"
        case activeDownloads = "max_active_downloads"
        case activeTorrents = "max_active_torrents"
    }
}

/// A category as the server lists it.
struct Category: Sendable, Decodable {
    /// Empty for the default.
    var savePath: String?

    private enum CodingKeys: String, CodingKey { case savePath, other = "save_path" }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        savePath =
            try fields.decodeIfPresent(String.self, forKey: .savePath)
            ?? fields.decodeIfPresent(String.self, forKey: .other)
    }
}

extension WebAPI {
    func preferences() async throws -> Preferences {
        try await json(Preferences.self, "app/preferences")
    }

    /// The categories by name; empty before API 2.1.1, which cannot list them.
    func categories() async throws -> [String: Category] {
        do {
            return try await json([String: Category].self, "torrents/categories")
        } catch let error as PluginError where error.code == .notFound {
            return [:]
        }
    }
}
