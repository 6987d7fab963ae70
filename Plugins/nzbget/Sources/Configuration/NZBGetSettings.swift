import PluginAPI

/// The stored settings of one NZBGet.
///
/// What is absent, or null, or an empty text stands for its default, so settings of another version still decode.
struct NZBGetSettings: ServiceSettings, Hashable, Sendable {
    var host = "127.0.0.1"
    var port = 6789
    var tls = false
    var urlBase = ""
    /// The control user of NZBGet, or a restricted one; one who may only add is not enough.
    var username = "nzbget"
    /// A secret: it goes into the header of a request and nowhere else.
    var password = ""
    /// The category of what is added without one; empty for none.
    var category = "kinodock"
    /// How urgent is what is added without a priority.
    var priority = JobPriority.normal
    /// Whether what is added waits until it is resumed.
    var addPaused = false
    /// Whether NZBGet may refuse what it takes for a duplicate.
    var checkDuplicates = false
    /// Whether Kinodock deletes finished files that NZBGet leaves lying when a download is removed with its data.
    var deletesFinished = true
    var timeoutSeconds = 15
    var verifyCertificate = true

    /// The defaults.
    init() {}
}

extension NZBGetSettings: Codable {
    private enum CodingKeys: String, CodingKey {
        case host, port, tls, urlBase, username, password, category, priority, addPaused, checkDuplicates
        case deletesFinished, timeoutSeconds, verifyCertificate
    }

    /// Reads what is there and leaves the rest at its default.
    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init()
        try readService(from: decoder)
        // Without a user name there is no login at all.
        username = values.value(.username) ?? username
        password = values.text(.password) ?? password
        // An empty category is a choice: none.
        category = values.value(.category) ?? category
        priority = values.text(.priority).flatMap(JobPriority.init) ?? priority
        addPaused = values.flag(.addPaused) ?? addPaused
        checkDuplicates = values.flag(.checkDuplicates) ?? checkDuplicates
        deletesFinished = values.flag(.deletesFinished) ?? deletesFinished
    }
}
