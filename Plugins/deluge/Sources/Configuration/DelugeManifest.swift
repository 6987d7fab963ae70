import PluginAPI

/// What the plugin says about itself.
enum DelugeManifest {
    static let manifest = PluginManifest(
        id: "deluge",
        name: "Deluge",
        version: "1.0.0",
        description: "Torrents through the web interface of Deluge 2.0 or newer.",
        link: "https://deluge-torrent.org",
        sources: [.torrent, .magnet, .url],
        settings: SettingsSchema(fields: connection + downloads + advanced)
    )

    private static let connection: [SettingsField] = [
        .host("host", label: "Host").default("127.0.0.1").required().section("Connection"),
        .number("port", label: "Port", in: 1...65_535).step(1).default(8112).required().section("Connection")
            .help("Of the web interface (deluge-web), not of the daemon."),
        .bool("tls", label: "Use HTTPS").default(false).section("Connection"),
        .secret("password", label: "Password").required().section("Connection")
            .help("Of the web interface. It has no user names."),
    ]

    private static let downloads: [SettingsField] = [
        .select("category", label: "Label", optionsFrom: "categories").default("kinodock").section("Downloads")
            .help("Created when it is missing. Needs Deluge's Label plugin; leave it empty without."),
        .text("savePath", label: "Save path").section("Downloads")
            .help("As Deluge sees it. Empty: where Deluge saves by itself."),
        .bool("addPaused", label: "Add paused").default(false).section("Downloads"),
        .number("seedRatioLimit", label: "Stop seeding at ratio", in: 0...9_998).section("Downloads")
            .help("Empty: what Deluge is set to. Deluge has no limit in minutes."),
        .bool("sequential", label: "Download in order").default(false).section("Downloads")
            .help("Films can be watched while they download. Others in the swarm profit less."),
    ]

    private static let advanced: [SettingsField] = [
        .text("urlBase", label: "URL base").placeholder("/deluge").advanced().section("Connection")
            .help("The path at which a reverse proxy offers the web interface."),
        .number("timeoutSeconds", label: "Timeout", in: 1...300, unit: "seconds").step(1).default(15).advanced()
            .section("Connection"),
        .bool("verifyCertificate", label: "Check the certificate").default(true).advanced().section("Connection")
            .visible(when: "tls", in: true)
            .warning("Without the check anybody on the way can read the password."),
    ]
}
