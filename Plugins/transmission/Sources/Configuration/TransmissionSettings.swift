import PluginAPI

/// The stored settings of one Transmission.
///
/// What is absent, or null, or an empty text stands for its default, so settings of an earlier version still decode.
struct TransmissionSettings: ServiceSettings, Hashable, Sendable {
    var host = "127.0.0.1"
    var port = 9091
    /// Whether the proxy in front of it uses HTTPS.
    var tls = false
    /// The path in front of `/rpc`.
    var urlBase = "/transmission"
    /// Empty together with `password` when Transmission asks for none.
    var username = ""
    /// A secret: it goes into the header of requests and nowhere else.
    var password = ""
    /// The label of what is added without one; empty for none.
    var category = "kinodock"
    /// Where to save what is added without a path, as Transmission sees it; empty leaves it to Transmission.
    var savePath = ""
    /// Whether what is added waits until it is resumed.
    var addPaused = false
    /// Upload ratio at which seeding ends; Transmission's own when absent.
    var seedRatioLimit: Double?
    /// Minutes without a request after which seeding ends; Transmission's own when absent.
    var seedTimeLimit: Int?
    /// Whether torrents are downloaded in the order of their bytes from the start.
    var sequential = false
    /// Whether the write cache may be set to nothing, so that what is there can be read.
    var writesAtOnce = true
    var timeoutSeconds = 15
    var verifyCertificate = true

    /// The defaults.
    init() {}
}

extension TransmissionSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case host, port, tls, urlBase, username, password, category, savePath, addPaused, seedRatioLimit, seedTimeLimit
        case sequential, writesAtOnce, timeoutSeconds, verifyCertificate
    }

    /// Reads what is there and leaves the rest at its default.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        try readService(from: decoder)
        username = values.text(.username) ?? username
        password = values.text(.password) ?? password
        // An empty label is a choice: no label.
        category = try values.decodeIfPresent(String.self, forKey: .category) ?? category
        savePath = values.text(.savePath) ?? savePath
        addPaused = values.flag(.addPaused) ?? addPaused
        seedRatioLimit = values.number(.seedRatioLimit)
        seedTimeLimit = values.whole(.seedTimeLimit)
        sequential = values.flag(.sequential) ?? sequential
        writesAtOnce = values.flag(.writesAtOnce) ?? writesAtOnce
    }
}
