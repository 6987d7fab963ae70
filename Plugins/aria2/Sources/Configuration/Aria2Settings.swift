import PluginAPI

/// The stored settings of one aria2.
///
/// What is absent, or null, or an empty text stands for its default, so settings of an earlier version still decode.
struct Aria2Settings: ServiceSettings, Hashable, Sendable {
    var host = "127.0.0.1"
    var port = 6800
    /// Whether aria2 (`--rpc-secure`), or the proxy in front of it, uses HTTPS.
    var tls = false
    /// The path in front of `/jsonrpc`.
    var urlBase = ""
    /// A secret: it goes into the body of calls and nowhere else.
    var secret = ""
    /// Where to save what is added without a path, as aria2 sees it; empty leaves it to aria2.
    var savePath = ""
    /// Whether what is added waits until it is resumed.
    var addPaused = false
    /// Upload ratio at which seeding ends; aria2's own when absent.
    var seedRatioLimit: Double?
    /// Minutes of seeding after which it ends; aria2's own when absent.
    var seedTimeLimit: Int?
    /// Whether the first and last pieces of files are fetched before the others.
    var endsFirst = false
    /// Whether the plugin deletes files when a download is removed with its data.
    var deletesData = true
    var timeoutSeconds = 15
    var verifyCertificate = true

    /// The defaults.
    init() {}
}

extension Aria2Settings: Codable {
    private enum CodingKeys: String, CodingKey {
        case host, port, tls, urlBase, secret, savePath, addPaused, seedRatioLimit, seedTimeLimit, endsFirst
        case deletesData, timeoutSeconds, verifyCertificate
    }

    /// Reads what is there and leaves the rest at its default.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        try readService(from: decoder)
        secret = values.text(.secret) ?? secret
        savePath = values.text(.savePath) ?? savePath
        addPaused = values.flag(.addPaused) ?? addPaused
        seedRatioLimit = values.number(.seedRatioLimit)
        seedTimeLimit = values.whole(.seedTimeLimit)
        endsFirst = values.flag(.endsFirst) ?? endsFirst
        deletesData = values.flag(.deletesData) ?? deletesData
    }
}
