import PluginAPI

/// What the plugin says about itself.
enum QBittorrentManifest {
    static let manifest = PluginManifest(
        id: "qbittorrent",
        name: "qBittorrent",
        version: "1.0.0",
        description: "Torrents through the Web UI of qBittorrent 4.1 or newer.",
        link: "https://www.qbittorrent.org",
        sources: [.torrent, .magnet, .url],
        settings: SettingsSchema(fields: connection + downloads + advanced)
    )

    private static let connection: [SettingsField] = [
        .host("host", label: "Host").default("127.0.0.1").required().section("Connection"),
        .number("port", label: "Port", in: 1...65_535).step(1).default(8080).required().section("Connection"),
        .bool("tls", label: "Use HTTPS").default(false).section("Connection"),
        .text("username", label: "User name").section("Connection")
            .help("Leave name and password empty when the Web UI lets this machine in without a login."),
        .secret("password", label: "Password").section("Connection")
            .warning("qBittorrent bans an address after a few wrong passwords, so a refused one is tried only once."),
    ]

    private static let downloads: [SettingsField] = [
        .select("category", label: "Category", optionsFrom: "categories").default("kinodock").section("Downloads")
            .help("Created when it is missing. Keeps these downloads apart from others."),
        .text("savePath", label: "Save path").section("Downloads")
            .help("As qBittorrent sees it. Empty: where qBittorrent saves by itself."),
        .bool("addPaused", label: "Add stopped").default(false).section("Downloads"),
        .number("seedRatioLimit", label: "Stop seeding at ratio", in: 0...9_998).section("Downloads")
            .help("Empty: what qBittorrent is set to."),
        .number("seedTimeLimit", label: "Stop seeding after", in: 0...525_600, unit: "minutes").step(1)
            .section("Downloads").help("Empty: what qBittorrent is set to."),
        .bool("sequential", label: "Download in order").default(false).section("Downloads")
            .help("Films can be watched while they download. Others in the swarm profit less."),
    ]

    private static let advanced: [SettingsField] = [
        .text("urlBase", label: "URL base").placeholder("/qbittorrent").advanced().section("Connection")
            .help("The path at which a reverse proxy offers the Web UI."),
        .number("timeoutSeconds", label: "Timeout", in: 1...300, unit: "seconds").step(1).default(15).advanced()
            .section("Connection"),
        .bool("verifyCertificate", label: "Check the certificate").default(true).advanced().section("Connection")
            .visible(when: "tls", in: true)
            .warning("Without the check anybody on the way can read the password."),
    ]
}
