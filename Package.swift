// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A Swift target with the settings that the whole package shares.
func module(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings)
}

/// A plugin: one folder under `Plugins/`, built as one shared library.
func plugin(_ name: String, folder: String, _ dependencies: [Target.Dependency] = []) -> Target {
    module(name, ["PluginAPI", "CKinodockPlugin"] + dependencies, path: "Plugins/\(folder)/Sources")
}

func tests(of name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.target(name: name)] + dependencies,
        path: "Tests/\(name)Tests",
        resources: resources,
        swiftSettings: settings,
        // The program of all tests holds every plugin, and each of these defines the one symbol that a host looks for.
        linkerSettings: [.unsafeFlags(["-Xlinker", "--allow-multiple-definition"])]
    )
}

let package = Package(
    name: "kinodock",
    products: [
        .executable(name: "kinodock", targets: ["Host"]),
        .executable(name: "kinodock-runner", targets: ["PluginRunner"]),
        .library(name: "PluginAPI", targets: ["PluginAPI"]),
        .library(name: "Aria2Plugin", type: .dynamic, targets: ["Aria2"]),
        .library(name: "DelugePlugin", type: .dynamic, targets: ["Deluge"]),
        .library(name: "LibTorrentPlugin", type: .dynamic, targets: ["LibTorrent"]),
        .library(name: "MediaServerPlugin", type: .dynamic, targets: ["MediaServer"]),
        .library(name: "NZBGetPlugin", type: .dynamic, targets: ["NZBGet"]),
        .library(name: "QBittorrentPlugin", type: .dynamic, targets: ["QBittorrent"]),
        .library(name: "SABnzbdPlugin", type: .dynamic, targets: ["SABnzbd"]),
        .library(name: "SwiftEchoPlugin", type: .dynamic, targets: ["SwiftEcho"]),
        .library(name: "TMDBPlugin", type: .dynamic, targets: ["TMDB"]),
        .library(name: "TorznabPlugin", type: .dynamic, targets: ["Torznab"]),
        .library(name: "TransmissionPlugin", type: .dynamic, targets: ["Transmission"]),
        .library(name: "WebhookPlugin", type: .dynamic, targets: ["Webhook"]),
        .library(name: "YtDlpPlugin", type: .dynamic, targets: ["YtDlp"]),
    ],
    targets: [
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .systemLibrary(name: "CSystem"),
        .target(name: "CKinodockPlugin"),
        .target(name: "CCrashWitness"),

        module("PluginAPI", ["CKinodockPlugin"]),
        module("PluginHosting", ["CCrashWitness", "CKinodockPlugin", "CSystem", "PluginAPI"]),
        module("HTTPServer", ["CMicroHTTPD"]),
        module("HTTPClient", ["CCurl"]),
        module("SQLite", ["CSQLite"]),
        module("Cryptography", ["CCrypto"]),
        .executableTarget(
            name: "Host",
            dependencies: [
                "CCrashWitness", "CKinodockPlugin", "CSystem", "Cryptography", "HTTPClient", "HTTPServer", "PluginAPI",
                "PluginHosting", "SQLite",
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "PluginRunner",
            dependencies: ["CSystem", "PluginAPI", "PluginHosting"],
            swiftSettings: settings
        ),

        plugin("Aria2", folder: "aria2"),
        plugin("Deluge", folder: "deluge"),
        .target(
            name: "CLibTorrent",
            path: "Plugins/libtorrent/Shim",
            cxxSettings: [
                // As the Debian package of libtorrent was built: its headers declare other types without them.
                .define("TORRENT_LINKING_SHARED"), .define("TORRENT_USE_OPENSSL"), .define("TORRENT_USE_LIBCRYPTO"),
                .define("TORRENT_SSL_PEERS"), .define("BOOST_ASIO_ENABLE_CANCELIO"),
                .define("BOOST_ASIO_NO_DEPRECATED"), .define("BOOST_ALL_NO_LIB"),
            ],
            linkerSettings: [.linkedLibrary("torrent-rasterbar"), .linkedLibrary("ssl"), .linkedLibrary("crypto")]
        ),
        plugin("LibTorrent", folder: "libtorrent", ["CLibTorrent"]),
        plugin("MediaServer", folder: "mediaserver"),
        plugin("NZBGet", folder: "nzbget"),
        plugin("QBittorrent", folder: "qbittorrent"),
        plugin("SABnzbd", folder: "sabnzbd"),
        plugin("TMDB", folder: "tmdb"),
        plugin("Torznab", folder: "torznab", ["CExpat"]),
        plugin("Transmission", folder: "transmission"),
        plugin("Webhook", folder: "webhook"),
        .target(name: "CYtDlp", path: "Plugins/ytdlp/C"),
        plugin("YtDlp", folder: "ytdlp", ["CYtDlp"]),

        // A plugin for tests and measurements of the boundary itself.
        module("SwiftEcho", ["PluginAPI"], path: "Tests/Fixtures/Plugins/swift-echo"),

        tests(of: "PluginAPI", ["CKinodockPlugin"]),
        tests(of: "HTTPServer", ["HTTPClient"]),
        tests(of: "HTTPClient"),
        tests(of: "SQLite"),
        tests(of: "Cryptography"),
        tests(
            of: "Host",
            ["CKinodockPlugin", "Cryptography", "HTTPClient", "HTTPServer", "PluginAPI", "PluginHosting", "SQLite"]
        ),
        tests(of: "Aria2", ["PluginAPI"], resources: [.copy("Samples")]),
        tests(of: "Deluge", ["PluginAPI"], resources: [.copy("Samples")]),
        tests(of: "LibTorrent", ["PluginAPI"]),
        tests(of: "MediaServer", ["PluginAPI"]),
        tests(of: "NZBGet", ["PluginAPI"], resources: [.copy("Samples")]),
        tests(of: "QBittorrent", ["PluginAPI"], resources: [.copy("Samples")]),
        tests(of: "SABnzbd", ["PluginAPI"], resources: [.copy("Samples")]),
        tests(of: "TMDB", ["PluginAPI"], resources: [.copy("Samples")]),
        tests(of: "Torznab", ["PluginAPI"], resources: [.copy("Samples")]),
        tests(of: "Transmission", ["PluginAPI"], resources: [.copy("Samples")]),
        tests(of: "Webhook", ["PluginAPI"]),
        tests(of: "YtDlp", ["PluginAPI"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
