import PluginAPI

/// The stored settings of one SABnzbd.
///
/// What is absent, or null, or an empty text stands for its default, so settings of another version still decode.
struct SABnzbdSettings: ServiceSettings, Hashable, Sendable {
    var host = "127.0.0.1"
    var port = 8080
    var tls = false
    var urlBase = ""
    /// The API key, not the NZB key; a secret that goes into bodies of requests and nowhere else.
    var apiKey = ""
    /// The category of what is added without one; empty for none.
    var category = "kinodock"
    /// The priority of what is added without one; SABnzbd's own for the category when absent.
    var priority: JobPriority?
    /// Whether what is added waits until it is resumed.
    var addPaused = false
    /// Whether Kinodock deletes finished files that SABnzbd leaves lying when a download is removed with its data.
    var deletesFinished = true
    var timeoutSeconds = 15
    var verifyCertificate = true

    /// The defaults.
    init() {}
}

extension SABnzbdSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case host, port, tls, urlBase, apiKey, category, priority, addPaused, deletesFinished, timeoutSeconds
        case verifyCertificate
    }

    /// Reads what is there and leaves the rest at its default.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        try readService(from: decoder)
        apiKey = values.text(.apiKey) ?? apiKey
        // An empty category is a choice: SABnzbd's default.
        category = values.value(.category) ?? category
        priority = values.text(.priority).flatMap(JobPriority.init)
        addPaused = values.flag(.addPaused) ?? addPaused
        deletesFinished = values.flag(.deletesFinished) ?? deletesFinished
    }
}
