import PluginAPI

/// What works but will surprise, from aria2's own options.
struct ConnectionWarnings: Sendable {
    let settings: Aria2Settings
    /// The global options, all of them texts.
    let options: [String: String]
    let address: ServiceAddress

    var all: [ConnectionReport.Warning] {
        [clearText, noSecret, session, seeding, follow].compactMap(\.self)
    }

    private var clearText: ConnectionReport.Warning? {
        guard !settings.tls, !settings.secret.isEmpty, !address.isLoopback else { return nil }
        return .init(
            "clear_text",
            "The secret goes over the network unencrypted. Start aria2 with --rpc-secure, or put a proxy in front of it.",
            field: "tls"
        )
    }

    private var noSecret: ConnectionReport.Warning? {
        guard settings.secret.isEmpty else { return nil }
        return .init(
            "no_secret",
            "aria2 lets everybody who reaches it in, and it can write files. Start it with --rpc-secret.",
            field: "secret"
        )
    }

    private var session: ConnectionReport.Warning? {
        guard options["save-session"]?.isEmpty ?? true else { return nil }
        return .init(
            "forgets",
            """
            aria2 forgets all downloads when it is started anew. Start it with --save-session=FILE --input-file=FILE \
            --save-session-interval=60.
            """
        )
    }

    private var seeding: ConnectionReport.Warning? {
        let time = settings.seedTimeLimit.map(Double.init) ?? options["seed-time"].flatMap(Double.init)
        guard time == 0 else { return nil }
        return .init("never_seeds", "aria2 does not share torrents once they are complete: the seeding time is 0.")
    }

    private var follow: ConnectionReport.Warning? {
        guard options["follow-torrent"] == "false" else { return nil }
        return .init(
            "follows_no_torrents",
            "aria2 does not begin what a .torrent describes, so magnets end with their metadata. Set --follow-torrent=true."
        )
    }
}
