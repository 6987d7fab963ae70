import PluginAPI

/// What the plugin says about itself.
enum TorznabManifest {
    static let manifest = PluginManifest(
        id: "torznab",
        name: "Torznab and Newznab",
        version: "1.0.0",
        description: "Indexers that speak Torznab or Newznab: Prowlarr, Jackett, NZBHydra2 and sites.",
        link: "https://torznab.github.io/spec-1.3-draft/",
        settings: SettingsSchema(fields: connection + search + advanced, presets: presets)
    )

    private static let connection: [SettingsField] = [
        .url("url", label: "Address").required().placeholder("http://127.0.0.1:9696/1").section("Connection")
            .help("Up to the path of the API, and without what stands behind a question mark."),
        .secret("apiKey", label: "API key").section("Connection")
            .help("Empty for an indexer that asks for none."),
        .text("path", label: "Path of the API").default("/api").section("Connection")
            .help("Appended to the address, unless the address ends with it already."),
    ]

    private static let search: [SettingsField] = [
        categories,
        .number("minimumSeeders", label: "Fewest seeders", in: 0...1_000_000).step(1).default(0).section("Search")
            .help("Torrents with fewer are left out. Those of which the indexer does not tell stay."),
    ]

    private static let advanced: [SettingsField] = [
        .number("timeoutSeconds", label: "Timeout", in: 1...120, unit: "seconds").step(1).default(20).advanced()
            .section("Connection").help("For one request; a search may need several."),
        .number("requestsPerMinute", label: "Requests in a minute", in: 1...600).step(1).default(60).advanced()
            .section("Connection").help("More are held back, so that the indexer does not lock you out."),
        .bool("verifyCertificate", label: "Check the certificate").default(true).advanced().section("Connection")
            .warning("Without the check anybody on the way can read the API key."),
    ]

    private static var categories: SettingsField {
        var field = SettingsField("categories", .multiselect, label: "Categories")
        field.optionsFrom = "categories"
        return field.section("Search")
            .help("Searched when a search names none. None picked: those that fit what is looked for.")
    }

    private static let presets: [SettingsSchema.Preset] = [
        .init("Prowlarr", values: ["url": "http://127.0.0.1:9696/1", "path": "/api"]),
        .init(
            "Jackett",
            values: ["url": "http://127.0.0.1:9117/api/v2.0/indexers/all/results/torznab", "path": "/api"]
        ),
        .init("NZBHydra2", values: ["url": "http://127.0.0.1:5076", "path": "/api"]),
        .init("NZBHydra2 (torrents)", values: ["url": "http://127.0.0.1:5076/torznab", "path": "/api"]),
        .init("Newznab site", values: ["path": "/api"]),
    ]
}
