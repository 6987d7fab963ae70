import FoundationEssentials
import PluginAPI

/// What the server is told at start: by flags, by the environment, or by the configuration file, in that order.
struct ServerConfiguration: Sendable {
    var dataDirectory: String
    var listenAddress = "127.0.0.1"
    /// 0 lets the system choose.
    var listenPort = 3000
    var pluginFolders: [String]
    /// The folder of the plugins that came with the server; `nil` when there is none.
    var bundledPlugins: String?
    /// Whether only files are used that are pinned.
    var pluginLock = false
    /// The program in which isolated plugins run.
    var runnerPath: String
    var libraryDirectory: String
    /// A key of the admin role that is valid while the server runs with it.
    var adminKey: String?
    var logLevel = LogLevel.info
    var logFormat = Logger.Format.text
    /// Whether each answer gets a line in the log.
    var accessLog = false
    /// PEM files; both or none.
    var tlsCertificate: String?
    var tlsKey: String?
    /// Whether the queue can be read without a key.
    var publicQueue = true
    /// Whether a server with nothing configured gets the plugins that need nothing else to work.
    var embeddedDefaults = true
    /// Whether clients that ask too often get 429.
    var rateLimit = true
    /// Whether the limit holds for this machine's own clients too.
    var rateLimitLoopback = false

    var databasePath: String { dataDirectory + "/kinodock.sqlite" }
    var pluginLockPath: String { dataDirectory + "/plugins.lock" }
    var keyPath: String { dataDirectory + "/secret.key" }
    var moviesRoot: String { libraryDirectory + "/movies" }
    var seriesRoot: String { libraryDirectory + "/tv" }
}
