import PluginAPI

/// What works but will surprise, from the daemon's own settings.
struct ConnectionWarnings: Sendable {
    let settings: DelugeSettings
    let configuration: Configuration
    let address: ServiceAddress

    var all: [ConnectionReport.Warning] {
        [usualPassword, clearText, removal, paused, incomplete, queue, speed].compactMap(\.self)
    }

    private var usualPassword: ConnectionReport.Warning? {
        guard settings.password == "deluge" else { return nil }
        return .init(
            "usual_password",
            "The password is the one that every Deluge comes with, and everybody knows it. Change it in Deluge.",
            field: "password"
        )
    }

    private var clearText: ConnectionReport.Warning? {
        guard !settings.tls, !address.isLoopback else { return nil }
        return .init(
            "clear_text",
            "The password goes over the network unencrypted. Switch HTTPS on in Deluge under Preferences, Interface.",
            field: "tls"
        )
    }

    private var removal: ConnectionReport.Warning? {
        guard configuration.removesAtRatio else { return nil }
        return .init(
            "removes_when_seeded",
            """
            Deluge removes torrents when they reach their ratio, perhaps before they are imported. Switch off “Remove \
            torrent when share ratio reached”.
            """
        )
    }

    private var paused: ConnectionReport.Warning? {
        guard configuration.addsPaused else { return nil }
        return .init(
            "adds_stopped",
            """
            Deluge adds torrents paused. What Kinodock adds starts nevertheless, unless its own setting says otherwise; \
            what you add by hand waits.
            """,
            field: "addPaused"
        )
    }

    private var incomplete: ConnectionReport.Warning? {
        guard configuration.movesCompleted, let path = configuration.downloadFolder else { return nil }
        return .init(
            "incomplete_path",
            "Unfinished downloads are in \(path): to play them while they download, Kinodock must see that folder too."
        )
    }

    private var queue: ConnectionReport.Warning? {
        guard configuration.activeDownloads == 0 || configuration.activeTorrents == 0 else { return nil }
        return .init("queue_is_shut", "Deluge's queue allows 0 active downloads, so nothing will ever start.")
    }

    private var speed: ConnectionReport.Warning? {
        guard configuration.maxDownloadSpeed == 0 else { return nil }
        return .init("speed_is_zero", "Deluge's limit for downloads is 0 kB/s, so nothing will ever arrive.")
    }
}
