import PluginAPI

/// The stored settings of one qBittorrent.
///
/// What is absent, or null, or an empty text stands for its default, so settings of an earlier version still decode.
struct QBittorrentSettings: ServiceSettings, Hashable, Sendable {
    var host = "127.0.0.1"
    var port = 8080
    var tls = false
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
    var timeoutSeconds = 15
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
        try readService(from: decoder)
        username = values.text(.username) ?? username
        password = values.text(.password) ?? password
        // An empty category is a choice: no category.
        category = try values.decodeIfPresent(String.self, forKey: .category) ?? category
        savePath = values.text(.savePath) ?? savePath
        addPaused = values.flag(.addPaused) ?? addPaused
        seedRatioLimit = values.number(.seedRatioLimit)
        seedTimeLimit = values.whole(.seedTimeLimit)
        sequential = values.flag(.sequential) ?? sequential
    }
}
