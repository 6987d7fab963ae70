import PluginAPI

/// What the plugin says about itself.
enum LibTorrentManifest {
    static let manifest: PluginManifest = {
        var manifest = PluginManifest(
            id: "libtorrent",
            name: "Built-in torrent client",
            version: "1.0.0",
            description: "Downloads torrents inside of Kinodock, without any other program.",
            link: "https://libtorrent.org",
            sources: [.torrent, .magnet, .url],
            settings: SettingsSchema(fields: downloads + sharing + limits + network, presets: presets)
        )
        manifest.isEmbeddedDefault = true
        return manifest
    }()

    private static let presets: [SettingsSchema.Preset] = [
        .init("Share without end", values: ["seedForever": true]),
        .init("Share little", values: ["seedRatioLimit": 0.5, "seedTimeLimit": 1440, "uploadLimit": 500]),
        .init(
            "Private trackers only",
            values: ["dht": false, "localDiscovery": false, "peerExchange": false, "seedTimeLimit": 20_160]
        ),
    ]

    private static let downloads: [SettingsField] = [
        .path("savePath", label: "Download folder").section("Downloads")
            .help("Empty: a folder of Kinodock's own. On the same disk as the library, films need no second copy."),
        .path("incompletePath", label: "Folder for unfinished downloads").section("Downloads")
            .help(
                "They are moved to the download folder when they are complete. Empty: they are there from the start."
            ),
        .text("category", label: "Category").default("kinodock").section("Downloads")
            .help("A label for downloads that come without one."),
        .bool("addPaused", label: "Add paused").default(false).section("Downloads"),
        .bool("sequential", label: "Download in order").default(false).section("Downloads")
            .help("Films can be watched while they download. Others in the swarm profit less."),
    ]

    private static let sharing: [SettingsField] = [
        .bool("seedForever", label: "Share without end").default(false).section("Sharing")
            .help("A download that asks for limits of its own keeps them."),
        .number("seedRatioLimit", label: "Stop seeding at ratio", in: 0...9_998).default(1).section("Sharing")
            .help(
                "Bytes sent for each byte received. What comes first counts, this or the time; also for torrents that "
                    + "are there already."
            )
            .visible(when: "seedForever", in: false),
        .number("seedTimeLimit", label: "Stop seeding after", in: 0...525_600, unit: "minutes").step(1)
            .default(10_080).section("Sharing").visible(when: "seedForever", in: false),
    ]

    private static let limits: [SettingsField] = [
        .number("downloadLimit", label: "Download limit", in: 0...10_000_000, unit: "kB/s").step(1).default(0)
            .section("Limits").help("For all torrents together; 0 for none."),
        .number("uploadLimit", label: "Upload limit", in: 0...10_000_000, unit: "kB/s").step(1).default(0)
            .section("Limits").help("For all torrents together; 0 for none. A full upload slows downloads down."),
        .bool("limitLocalPeers", label: "Limit the local network too").default(false).advanced().section("Limits"),
        .number("maxActiveDownloads", label: "Downloads at once", in: 0...1_000).step(1).default(5).section("Limits")
            .help("The others wait; 0 for no limit. Those that get nothing do not count."),
        .number("maxConnections", label: "Connections at most", in: 2...65_000).step(1).default(200).advanced()
            .section("Limits").help("Cheap routers do not bear many."),
    ]

    private static let network: [SettingsField] = [
        .number("listenPort", label: "Port for peers", in: 0...65_535).step(1).default(6881).section("Network")
            .help("Others connect to it, over TCP and UDP. 0 takes a free one at each start."),
        .bool("portMapping", label: "Open the port in the router").default(true).section("Network")
            .help("Over UPnP or NAT-PMP, where the router allows it."),
        .select(
            "encryption",
            label: "Encryption",
            options: [
                .init("prefer", label: "Prefer encrypted connections"),
                .init("allow", label: "Allow encrypted connections"),
                .init("require", label: "Only encrypted connections"), .init("off", label: "No encryption"),
            ]
        ).default("prefer").section("Network")
            .help("It hides the traffic from simple filters, not from somebody who looks closely."),
        .bool("dht", label: "Find peers without a tracker (DHT)").default(true).section("Network")
            .help("Magnets without a tracker need it. It is never used for private torrents."),
        .text("dhtNodes", label: "Entries to the DHT").placeholder("router.example.org:6881").advanced()
            .section("Network").visible(when: "dht", in: true)
            .help("Asked while nobody else is known, host:port each; several with commas. Empty: the usual ones."),
        .bool("peerExchange", label: "Learn peers from peers (PeX)").default(true).advanced().section("Network"),
        .bool("localDiscovery", label: "Find peers in the local network (LSD)").default(true).advanced()
            .section("Network"),
        .text("listenAddress", label: "Addresses or interfaces").placeholder("tun0").advanced().section("Network")
            .help("What to use for torrents, such as the interface of a VPN; several with commas. Empty: all."),
    ]
}
