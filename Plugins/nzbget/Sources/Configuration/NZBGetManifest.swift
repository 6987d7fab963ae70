import PluginAPI

/// What the plugin says about itself.
enum NZBGetManifest {
    static let manifest = PluginManifest(
        id: "nzbget",
        name: "NZBGet",
        version: "1.0.0",
        description: "Usenet downloads through NZBGet 16 or newer: NZB files and their addresses.",
        link: "https://nzbget.com",
        sources: [.nzb, .url],
        settings: SettingsSchema(fields: connection + downloads + advanced)
    )

    private static let connection: [SettingsField] = [
        .host("host", label: "Host").default("127.0.0.1").required().section("Connection"),
        .number("port", label: "Port", in: 1...65_535).step(1).default(6789).required().section("Connection"),
        .bool("tls", label: "Use HTTPS").default(false).section("Connection"),
        .text("username", label: "User name").default("nzbget").section("Connection")
            .help("ControlUsername in NZBGet under Settings > Security. A user who may only add is not enough."),
        .secret("password", label: "Password").section("Connection").help("ControlPassword in the same place."),
    ]

    private static let downloads: [SettingsField] = [
        .select("category", label: "Category", optionsFrom: "categories").default("kinodock").section("Downloads")
            .help("Keeps these downloads apart from others. One that NZBGet does not know becomes a folder."),
        .select(
            "priority",
            label: "Priority",
            options: [
                .init("low", label: "Low"), .init("normal", label: "Normal"), .init("high", label: "High"),
                .init("force", label: "Force: also while NZBGet is paused"),
            ]
        ).default("normal").section("Downloads"),
        .bool("addPaused", label: "Add paused").default(false).section("Downloads"),
    ]

    private static let advanced: [SettingsField] = [
        .bool("checkDuplicates", label: "Let NZBGet refuse duplicates").default(false).advanced().section("Downloads")
            .help("Off: what Kinodock asks for is downloaded, also when NZBGet has had it before."),
        .bool("deletesFinished", label: "Delete finished files").default(true).advanced().section("Downloads")
            .help(
                """
                NZBGet has no command that deletes finished files. When a download is removed with its data, Kinodock \
                deletes them itself, if it sees them under the path that NZBGet names.
                """
            ),
        .text("urlBase", label: "URL base").placeholder("/nzbget").advanced().section("Connection")
            .help("The path at which a reverse proxy offers NZBGet."),
        .number("timeoutSeconds", label: "Timeout", in: 1...300, unit: "seconds").step(1).default(15).advanced()
            .section("Connection"),
        .bool("verifyCertificate", label: "Check the certificate").default(true).advanced().section("Connection")
            .visible(when: "tls", in: true)
            .warning("Without the check anybody on the way can read the password."),
    ]
}
