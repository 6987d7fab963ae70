import PluginAPI

/// The media servers that the plugin knows.
enum Service: String, CaseIterable, Sendable {
    case jellyfin, emby, plex

    /// For people.
    var label: String {
        switch self {
        case .jellyfin: "Jellyfin"
        case .emby: "Emby"
        case .plex: "Plex"
        }
    }

    /// The port on which it listens unless it was told otherwise.
    var port: Int { self == .plex ? 32400 : 8096 }

    /// The oldest version for which the plugin was made: major and minor number.
    var oldest: (Int, Int) {
        switch self {
        case .jellyfin: (10, 6)
        case .emby: (4, 0)
        case .plex: (1, 18)
        }
    }

    /// The header that carries a key; the others for it are on their way out at Jellyfin.
    func header(for key: String) -> HeaderField {
        switch self {
        case .jellyfin: HeaderField("Authorization", "MediaBrowser Token=\"\(key)\"")
        case .emby: HeaderField("X-Emby-Token", key)
        case .plex: HeaderField("X-Plex-Token", key)
        }
    }
}
