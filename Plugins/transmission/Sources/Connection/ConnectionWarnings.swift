import PluginAPI

/// What works but will surprise, from Transmission's own settings.
struct ConnectionWarnings: Sendable {
    let settings: TransmissionSettings
    let session: Session
    let address: ServiceAddress

    var all: [ConnectionReport.Warning] {
        [clearText, noPassword, labels, paused, incomplete, queue, speed, cache, order].compactMap(\.self)
    }

    private var clearText: ConnectionReport.Warning? {
        guard !settings.tls, !settings.password.isEmpty, !address.isLoopback else { return nil }
        return .init(
            "clear_text",
            "The password goes over the network unencrypted. Put a proxy with HTTPS in front of Transmission.",
            field: "tls"
        )
    }

    private var noPassword: ConnectionReport.Warning? {
        guard settings.username.isEmpty, settings.password.isEmpty, !address.isLoopback else { return nil }
        return .init("no_password", "Transmission lets everybody on the network in. Set a password.", field: "password")
    }

    private var labels: ConnectionReport.Warning? {
        guard !session.hasLabels, !settings.category.isEmpty else { return nil }
        return .init("no_labels", "This version has no labels; they came with Transmission 3.00.", field: "category")
    }

    private var paused: ConnectionReport.Warning? {
        guard !session.startsAdded else { return nil }
        return .init(
            "adds_stopped",
            """
            Transmission adds torrents paused. What Kinodock adds starts nevertheless, unless its own setting says \
            otherwise; what you add by hand waits.
            """,
            field: "addPaused"
        )
    }

    private var incomplete: ConnectionReport.Warning? {
        guard session.usesIncompleteFolder, let path = session.incompleteFolder, !path.isEmpty else { return nil }
        return .init(
            "incomplete_path",
            "Unfinished downloads are in \(path): to play them while they download, Kinodock must see that folder too."
        )
    }

    private var queue: ConnectionReport.Warning? {
        guard session.queues, session.queueSize == 0 else { return nil }
        return .init("queue_is_shut", "Transmission's queue allows 0 active downloads, so nothing will ever start.")
    }

    private var speed: ConnectionReport.Warning? {
        let isShut = session.isSlow ? session.slowLimit == 0 : session.limitsDown && session.downLimit == 0
        guard isShut else { return nil }
        return .init("speed_is_zero", "Transmission's limit for downloads is 0 kB/s, so nothing will ever arrive.")
    }

    private var cache: ConnectionReport.Warning? {
        guard !settings.writesAtOnce, let megabytes = session.cacheMegabytes, megabytes > 0 else { return nil }
        return .init(
            "write_cache",
            """
            Transmission keeps up to \(megabytes) MB of what has arrived in a cache, so films cannot be watched while \
            they download.
            """,
            field: "writesAtOnce"
        )
    }

    private var order: ConnectionReport.Warning? {
        guard settings.sequential, !session.hasSequentialDownload else { return nil }
        return .init("no_order", "This version cannot download in order; Transmission 4.1 can.", field: "sequential")
    }
}
