import PluginAPI

/// What the plugin says about itself.
enum Aria2Manifest {
    static let manifest = PluginManifest(
        id: "aria2",
        name: "aria2",
        version: "1.0.0",
        description: "Torrents and plain web addresses through the JSON-RPC of aria2 1.19 or newer.",
        link: "https://aria2.github.io",
        sources: [.torrent, .magnet, .url],
        settings: SettingsSchema(fields: connection + downloads + advanced)
    )

    private static let connection: [SettingsField] = [
        .host("host", label: "Host").default("127.0.0.1").required().section("Connection"),
        .number("port", label: "Port", in: 1...65_535).step(1).default(6800).required().section("Connection"),
        .bool("tls", label: "Use HTTPS").default(false).section("Connection"),
        .secret("secret", label: "Secret").section("Connection")
            .help("What aria2 was started with as --rpc-secret. Leave it empty when there is none."),
    ]

    private static let downloads: [SettingsField] = [
        .text("savePath", label: "Save path").section("Downloads")
            .help(
                "As aria2 sees it. Empty: where aria2 saves by itself. aria2 has no categories, so give it a folder."
            ),
        .bool("addPaused", label: "Add paused").default(false).section("Downloads"),
        .number("seedRatioLimit", label: "Stop seeding at ratio", in: 0...9_998).section("Downloads")
            .help("Empty: what aria2 is set to. 0 seeds without an end."),
        .number("seedTimeLimit", label: "Stop seeding after", in: 0...525_600, unit: "minutes").step(1)
            .section("Downloads").help("Empty: what aria2 is set to. 0 does not seed at all."),
        .bool("endsFirst", label: "Fetch both ends first").default(false).section("Downloads")
            .help("Players need the ends of a film first. aria2 cannot fetch a torrent in order."),
        .bool("deletesData", label: "Delete files itself").default(true).section("Downloads")
            .help(
                """
                aria2 never deletes what it has downloaded. When a download is removed with its data, Kinodock deletes the \
                files, if it sees them under the same path as aria2.
                """
            ),
    ]

    private static let advanced: [SettingsField] = [
        .text("urlBase", label: "URL base").placeholder("/aria2").advanced().section("Connection")
            .help("The path in front of /jsonrpc at which a reverse proxy offers aria2."),
        .number("timeoutSeconds", label: "Timeout", in: 1...300, unit: "seconds").step(1).default(15).advanced()
            .section("Connection"),
        .bool("verifyCertificate", label: "Check the certificate").default(true).advanced().section("Connection")
            .visible(when: "tls", in: true)
            .warning("Without the check anybody on the way can read the secret."),
    ]
}
