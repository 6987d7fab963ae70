/// A setting of the server that has a flag, an environment variable and a name in the configuration file.
enum ConfigurationOption: String, CaseIterable, Sendable {
    case config
    case data
    case listen
    case plugins
    case library
    case logLevel = "log-level"
    case logFormat = "log-format"
    case accessLog = "access-log"
    case tlsCertificate = "tls-certificate"
    case tlsKey = "tls-key"
    case publicQueue = "public-queue"
    case pluginLock = "plugin-lock"
    case rateLimit = "rate-limit"
    case embeddedDefaults = "embedded-defaults"

    /// Those that can stand in the settings file: not the file itself.
    static var inFile: [Self] { allCases.filter { $0 != .config } }

    var flag: String { "--" + rawValue }

    var environmentVariable: String {
        switch self {
        case .data: "KINODOCK_DATA_DIR"
        case .plugins: "KINODOCK_PLUGIN_DIR"
        case .library: "KINODOCK_LIBRARY_DIR"
        default: "KINODOCK_" + rawValue.uppercased().replacing("-", with: "_")
        }
    }

    /// The word for the value in the usage text.
    var valueName: String {
        switch self {
        case .config, .tlsCertificate, .tlsKey: "FILE"
        case .data, .library: "DIR"
        case .plugins: "DIR[:DIR...]"
        case .listen: "ADDRESS:PORT"
        case .logLevel: "debug|info|warning|error"
        case .logFormat: "text|json"
        case .accessLog, .publicQueue, .pluginLock, .embeddedDefaults: "on|off"
        case .rateLimit: "on|off|always"
        }
    }

    var help: String {
        switch self {
        case .config: "settings file with lines `name = value`; default <data>/kinodock.conf"
        case .data: "where the database and the key file live; default ~/.local/share/kinodock"
        case .listen: "where to listen; default 127.0.0.1:3000, port 0 takes a free one"
        case .plugins: "folders with plugins; default <data>/plugins and the bundled ones"
        case .library: "where movies/ and tv/ live; default <data>/library"
        case .logLevel: "the least important lines to write; default info"
        case .logFormat: "how a line looks; default text"
        case .accessLog: "write a line for each request that was answered; default off"
        case .tlsCertificate: "serve https with this certificate (PEM, with its chain)"
        case .tlsKey: "the certificate's private key (PEM)"
        case .publicQueue: "whether the queue can be read without a key; default on"
        case .pluginLock: "use only plugin files that are pinned in <data>/plugins.lock; default off"
        case .rateLimit: "limit how often clients may ask; on leaves out this machine; default on"
        case .embeddedDefaults: "begin with the built-in torrent client and yt-dlp; default on"
        }
    }
}
