import PluginAPI

/// What works but will surprise, from SABnzbd's own settings and state.
struct ConnectionWarnings: Sendable {
    /// GiB below which a film may not fit.
    private static let littleSpace = 5.0

    let preferences: Preferences
    let queue: QueuePage
    let servers: [NewsServer]
    let endpoint: ServiceEndpoint

    var all: [ConnectionReport.Warning] {
        [pause, trouble, retention, duplicates, sorting, unsafe, space, clearText].compactMap(\.self)
    }

    private var pause: ConnectionReport.Warning? {
        guard queue.isPaused else { return nil }
        return .init("paused", "SABnzbd is paused: nothing arrives until it is resumed.")
    }

    private var trouble: ConnectionReport.Warning? {
        servers.compactMap(\.trouble).first.map { .init("news_server", $0) }
    }

    private var retention: ConnectionReport.Warning? {
        let removesAtOnce = preferences.retention == "-1" || preferences.retentionOption.hasPrefix("all-")
        guard removesAtOnce else { return nil }
        return .init(
            "forgets_finished",
            """
            SABnzbd keeps no finished downloads in its history, so Kinodock may not learn where they are. Let it keep \
            them under Config > Switches > History Retention.
            """
        )
    }

    private var duplicates: ConnectionReport.Warning? {
        guard (1...3).contains(preferences.duplicates) else { return nil }
        return .init(
            "refuses_duplicates",
            "SABnzbd discards, pauses or fails duplicates, so something that was removed may not be downloaded again."
        )
    }

    private var sorting: ConnectionReport.Warning? {
        guard preferences.sorts else { return nil }
        return .init(
            "sorts",
            """
            SABnzbd's sorting renames finished downloads, possibly into folders that several share. Turn it off for the \
            category that Kinodock uses: Kinodock sorts by itself.
            """,
            field: "category"
        )
    }

    private var unsafe: ConnectionReport.Warning? {
        guard !preferences.isSafe else { return nil }
        return .init(
            "unsafe_post_processing",
            "SABnzbd unpacks also what it could not verify, so damaged films may come out. Turn “safe_postproc” on."
        )
    }

    private var space: ConnectionReport.Warning? {
        guard let free = queue.freeSpace, free >= 0, free < Self.littleSpace else { return nil }
        return .init(
            "little_space",
            "Less than \(Int(free.rounded(.up))) GiB are free where SABnzbd puts finished downloads."
        )
    }

    private var clearText: ConnectionReport.Warning? {
        guard !endpoint.address.usesTLS, !endpoint.address.isLoopback else { return nil }
        return .init(
            "clear_text",
            "The API key travels in clear text. Use HTTPS when SABnzbd is on another machine.",
            field: "tls"
        )
    }
}
