import PluginAPI

/// What the plugin says about itself.
enum TransmissionManifest {
    static let manifest = PluginManifest(
        id: "transmission",
        name: "Transmission",
        version: "1.0.0",
        description: "Torrents through the RPC interface of Transmission 2.80 or newer.",
        link: "https://transmissionbt.com",
        sources: [.torrent, .magnet, .url],
        settings: SettingsSchema(fields: connection + downloads + advanced)
    )

    private static let connection: [SettingsField] = [
        .host("host", label: "Host").default("127.0.0.1").required().section("Connection"),
        .number("port", label: "Port", in: 1...65_535).step(1).default(9091).required().section("Connection"),
        .bool("tls", label: "Use HTTPS").default(false).section("Connection")
            .help("Transmission itself speaks no HTTPS before 4.1; turn this on for a proxy in front of it."),
        .text("username", label: "User name").section("Connection")
            .help("Leave name and password empty when Transmission asks for none."),
        .secret("password", label: "Password").section("Connection")
            .warning(
                "Transmission shuts out an address after many wrong passwords, so a refused one is tried only once."
            ),
    ]

    private static let downloads: [SettingsField] = [
        .select("category", label: "Label", optionsFrom: "categories").default("kinodock").section("Downloads")
            .help("Keeps these downloads apart from others. Labels need Transmission 3.00."),
        .text("savePath", label: "Save path").section("Downloads")
            .help("As Transmission sees it. Empty: where Transmission saves by itself."),
        .bool("addPaused", label: "Add paused").default(false).section("Downloads"),
        .number("seedRatioLimit", label: "Stop seeding at ratio", in: 0...9_998).section("Downloads")
            .help("Empty: what Transmission is set to."),
        .number("seedTimeLimit", label: "Stop seeding when idle for", in: 0...525_600, unit: "minutes").step(1)
            .section("Downloads")
            .help("Transmission counts the minutes in which nobody has asked for anything. Empty: what it is set to."),
        .bool("sequential", label: "Download in order").default(false).section("Downloads")
            .help("Films can be watched while they download. Needs Transmission 4.1; older ones pay no heed."),
        .bool("writesAtOnce", label: "Write to disk at once").default(true).section("Downloads")
            .help(
                """
                Sets Transmission's own write cache to 0 MB when a film is watched while it downloads: what stands in \
                that cache cannot be read. The system still collects writes.
                """
            ),
    ]

    private static let advanced: [SettingsField] = [
        .text("urlBase", label: "URL base").placeholder("/transmission").default("/transmission").advanced()
            .section("Connection")
            .help("The path in front of /rpc: rpc-url in Transmission's settings, or the path of a reverse proxy."),
        .number("timeoutSeconds", label: "Timeout", in: 1...300, unit: "seconds").step(1).default(15).advanced()
            .section("Connection"),
        .bool("verifyCertificate", label: "Check the certificate").default(true).advanced().section("Connection")
            .visible(when: "tls", in: true)
            .warning("Without the check anybody on the way can read the password."),
    ]
}
