import PluginAPI

/// What the plugin says about itself.
enum SABnzbdManifest {
    static let manifest = PluginManifest(
        id: "sabnzbd",
        name: "SABnzbd",
        version: "1.0.0",
        description: "Usenet downloads through SABnzbd 3.0 or newer: NZB files and their addresses.",
        link: "https://sabnzbd.org",
        sources: [.nzb, .url],
        settings: SettingsSchema(fields: connection + downloads + advanced)
    )

    private static let connection: [SettingsField] = [
        .host("host", label: "Host").default("127.0.0.1").required().section("Connection"),
        .number("port", label: "Port", in: 1...65_535).step(1).default(8080).required().section("Connection"),
        .bool("tls", label: "Use HTTPS").default(false).section("Connection"),
        .secret("apiKey", label: "API key").required().section("Connection")
            .help("In SABnzbd under Config > General > Security. The NZB key is not enough: it may only add."),
    ]

    private static let downloads: [SettingsField] = [
        .select("category", label: "Category", optionsFrom: "categories").default("kinodock").section("Downloads")
            .help("Created when it is missing. Keeps these downloads apart from others."),
        .select(
            "priority",
            label: "Priority",
            options: [
                .init("", label: "As the category says"), .init("low", label: "Low"), .init("normal", label: "Normal"),
                .init("high", label: "High"), .init("force", label: "Force: also while SABnzbd is paused"),
            ]
        ).default("").section("Downloads"),
        .bool("addPaused", label: "Add paused").default(false).section("Downloads"),
    ]

    private static let advanced: [SettingsField] = [
        .bool("deletesFinished", label: "Delete finished files").default(true).advanced().section("Downloads")
            .help(
                """
                SABnzbd has no command that deletes finished files. When a download is removed with its data, Kinodock \
                deletes them itself, if it sees them under the path that SABnzbd names.
                """
            ),
        .text("urlBase", label: "URL base").placeholder("/sabnzbd").advanced().section("Connection")
            .help("The path at which a reverse proxy offers SABnzbd."),
        .number("timeoutSeconds", label: "Timeout", in: 1...300, unit: "seconds").step(1).default(15).advanced()
            .section("Connection"),
        .bool("verifyCertificate", label: "Check the certificate").default(true).advanced().section("Connection")
            .visible(when: "tls", in: true)
            .warning("Without the check anybody on the way can read the API key."),
    ]
}
