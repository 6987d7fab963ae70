import PluginAPI

/// What works but will surprise, from the server's own settings.
struct ConnectionWarnings: Sendable {
    let settings: QBittorrentSettings
    let preferences: Preferences
    let categories: [String: Category]

    var all: [ConnectionReport.Warning] {
        [removal, stopped, incomplete, queue, categoryPath].compactMap(\.self)
    }

    private var removal: ConnectionReport.Warning? {
        switch preferences.limitAction {
        case 1:
            .init(
                "removes_when_seeded",
                "qBittorrent removes torrents at their seeding limit, perhaps before they are imported. Let it stop them."
            )
        case 3:
            .init(
                "deletes_when_seeded",
                """
                qBittorrent deletes torrents and their files at their seeding limit, perhaps before they are imported. \
                Let it stop them.
                """
            )
        default: nil
        }
    }

    private var stopped: ConnectionReport.Warning? {
        guard preferences.addsPaused == true || preferences.addsStopped == true else { return nil }
        return .init(
            "adds_stopped",
            """
            qBittorrent adds torrents stopped. What Kinodock adds starts nevertheless, unless its own setting says \
            otherwise; what you add by hand waits.
            """,
            field: "addPaused"
        )
    }

    private var incomplete: ConnectionReport.Warning? {
        guard preferences.usesIncompletePath == true, let path = preferences.incompletePath, !path.isEmpty else {
            return nil
        }
        return .init(
            "incomplete_path",
            "Unfinished downloads are in \(path): to play them while they download, Kinodock must see that folder too."
        )
    }

    private var queue: ConnectionReport.Warning? {
        guard preferences.queues == true, preferences.activeDownloads == 0 || preferences.activeTorrents == 0 else {
            return nil
        }
        return .init("queue_is_shut", "qBittorrent's queue allows 0 active downloads, so nothing will ever start.")
    }

    private var categoryPath: ConnectionReport.Warning? {
        guard let path = categories[settings.category]?.savePath, !path.isEmpty, !settings.savePath.isEmpty,
            trimmed(path) != trimmed(settings.savePath)
        else { return nil }
        return .init(
            "category_path_differs",
            """
            The category “\(settings.category)” saves to \(path), but these settings say \(settings.savePath); the \
            settings win for what Kinodock adds.
            """,
            field: "savePath"
        )
    }

    private func trimmed(_ path: String) -> Substring {
        path.hasSuffix("/") ? path.dropLast() : path[...]
    }
}
