import PluginAPI

/// What the server and its users read about the plugin.
enum MediaServerManifest {
    static let kinds: [NotificationEvent.Kind] = [.imported, .upgraded, .deleted]

    static let manifest = PluginManifest(
        id: "mediaserver",
        name: "Media server",
        version: "1.0.0",
        description: "Tells Jellyfin, Emby or Plex which files are new or gone, so that only these are looked at.",
        settings: SettingsSchema(
            fields: fields,
            presets: Service.allCases.map { service in
                .init(
                    service.label,
                    values: ["service": .string(service.rawValue), "port": .integer(Int64(service.port))]
                )
            }
        )
    )

    private static let fields: [SettingsField] = [
        .select("service", label: "Media server", options: Service.allCases.map { .init($0.rawValue, label: $0.label) })
            .default("jellyfin").required(), .host("host", label: "Host").default("127.0.0.1").required(),
        .number("port", label: "Port", in: 1...65535).step(1).help(
            "Empty: 8096 for Jellyfin and Emby, 32400 for Plex."
        ),
        .bool("tls", label: "HTTPS").default(false),
        .text("urlBase", label: "URL base").advanced().help("The path behind a reverse proxy, for example /jellyfin."),
        .secret("apiKey", label: "API key").required().help(
            "Jellyfin and Emby: one made under Dashboard, API keys. Plex: the token, X-Plex-Token."
        ),
        .keyValue("pathMappings", label: "Paths").help(
            """
            When the media server sees the library under another path than Kinodock: Kinodock's path and that of the media \
            server, for example /srv/films and /media.
            """
        ),
        .path("libraryPath", label: "Library folder").advanced().help(
            "A folder of Kinodock's library. The test looks which library of the media server holds it."
        ), .events(kinds), .mediaTypes(),
        .number("joinSeconds", label: "Join changes within", in: 0...300, unit: "seconds").default(5).advanced().help(
            "The first change is told at once; those that follow within this time are told together."
        ),
        .bool("verifyCertificate", label: "Check the certificate").default(true).advanced()
            .warning("Without it anybody between here and there can read the key."),
        .number("timeoutSeconds", label: "Time limit", in: 1...25, unit: "seconds").default(15).advanced(),
    ]
}
