import PluginAPI

/// The stored settings of one qBittorrent.
///
/// What is absent, or null, or an empty text stands for its default, so settings of an earlier version still decode.
struct QBittorrentSettings: Hashable, Sendable {
    /// Host name or IP address of the Web UI.
    var host = "127.0.0.1"
    /// The port of the Web UI, 1 to 65535.
    var port = 8080
    /// Whether the Web UI itself, or the proxy in front of it, uses HTTPS.
    var tls = false
    /// The path at which a reverse proxy offers the Web UI.
    var urlBase = ""
    /// Empty together with `password` when the Web UI lets this machine in without a login.
    var username = ""
    /// A secret: it goes into the body of a login and nowhere else.
    var password = ""
    /// The category of what is added without one; empty for none.
    var category = "kinodock"
    /// Where to save what is added without a path, as qBittorrent sees it; empty leaves it to qBittorrent.
    var savePath = ""
    /// Whether what is added waits until it is resumed.
    var addPaused = false
    /// Upload ratio at which seeding ends; qBittorrent's own when absent.
    var seedRatioLimit: Double?
    /// Minutes of seeding after which it ends; qBittorrent's own when absent.
    var seedTimeLimit: Int?
    /// Whether torrents are downloaded in the order of their bytes from the start.
    var sequential = false
    /// Seconds for one request.
    var timeoutSeconds = 15
    /// Whether a certificate that nobody vouches for is refused.
    var verifyCertificate = true

    /// The defaults.
    init() {}
}

extension QBittorrentSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case host, port, tls, urlBase, username, password, category, savePath, addPaused, seedRatioLimit, seedTimeLimit
        case sequential, timeoutSeconds, verifyCertificate
    }

    /// Reads what is there and leaves the rest at its default.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        host = values.text(.host) ?? host
        port = values.whole(.port) ?? port
        tls = values.flag(.tls) ?? tls
        urlBase = values.text(.urlBase) ?? urlBase
        username = values.text(.username) ?? username
        password = values.text(.password) ?? password
        // An empty category is a choice: no category.
        category = try values.decodeIfPresent(String.self, forKey: .category) ?? category
        savePath = values.text(.savePath) ?? savePath
        addPaused = values.flag(.addPaused) ?? addPaused
        seedRatioLimit = values.number(.seedRatioLimit)
        seedTimeLimit = values.whole(.seedTimeLimit)
        sequential = values.flag(.sequential) ?? sequential
        timeoutSeconds = values.whole(.timeoutSeconds) ?? timeoutSeconds
        verifyCertificate = values.flag(.verifyCertificate) ?? verifyCertificate
    }
}
