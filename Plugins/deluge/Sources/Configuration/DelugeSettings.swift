import PluginAPI

/// The stored settings of one Deluge.
///
/// What is absent, or null, or an empty text stands for its default, so settings of an earlier version still decode.
struct DelugeSettings: ServiceSettings, Hashable, Sendable {
    var host = "127.0.0.1"
    /// That of deluge-web, not of the daemon.
    var port = 8112
    var tls = false
    var urlBase = ""
    /// A secret: it goes into the body of a login and nowhere else.
    var password = ""
    /// The label of what is added without one; empty for none.
    var category = "kinodock"
    /// Where to save what is added without a path, as Deluge sees it; empty leaves it to Deluge.
    var savePath = ""
    /// Whether what is added waits until it is resumed.
    var addPaused = false
    /// Upload ratio at which seeding ends; Deluge's own when absent.
    var seedRatioLimit: Double?
    /// Whether torrents are downloaded in the order of their bytes from the start.
    var sequential = false
    var timeoutSeconds = 15
    var verifyCertificate = true

    /// The defaults.
    init() {}
}

extension DelugeSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case host, port, tls, urlBase, password, category, savePath, addPaused, seedRatioLimit, sequential
        case timeoutSeconds, verifyCertificate
    }

    /// Reads what is there and leaves the rest at its default.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        try readService(from: decoder)
        password = values.text(.password) ?? password
        // An empty label is a choice: no label.
        category = try values.decodeIfPresent(String.self, forKey: .category) ?? category
        savePath = values.text(.savePath) ?? savePath
        addPaused = values.flag(.addPaused) ?? addPaused
        seedRatioLimit = values.number(.seedRatioLimit)
        sequential = values.flag(.sequential) ?? sequential
    }
}
