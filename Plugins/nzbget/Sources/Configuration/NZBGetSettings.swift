import PluginAPI

/// The stored settings of one NZBGet.
///
/// What is absent, or null, or an empty text stands for its default, so settings of another version still decode.
struct NZBGetSettings: Hashable, Sendable {
    /// Host name or IP address of the web interface.
    var host = "127.0.0.1"
    /// The port of the web interface, 1 to 65535.
    var port = 6789
    /// Whether the web interface, or the proxy in front of it, uses HTTPS.
    var tls = false
    /// The path at which a reverse proxy offers the web interface.
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
    /// Seconds for one request.
    var timeoutSeconds = 15
    /// Whether a certificate that nobody vouches for is refused.
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
        host = values.text(.host) ?? host
        port = values.whole(.port) ?? port
        tls = values.flag(.tls) ?? tls
        urlBase = values.text(.urlBase) ?? urlBase
        // Without a user name there is no login at all.
        username = values.value(.username) ?? username
        password = values.text(.password) ?? password
        // An empty category is a choice: none.
        category = values.value(.category) ?? category
        priority = values.text(.priority).flatMap(JobPriority.init) ?? priority
        addPaused = values.flag(.addPaused) ?? addPaused
        checkDuplicates = values.flag(.checkDuplicates) ?? checkDuplicates
        deletesFinished = values.flag(.deletesFinished) ?? deletesFinished
        timeoutSeconds = values.whole(.timeoutSeconds) ?? timeoutSeconds
        verifyCertificate = values.flag(.verifyCertificate) ?? verifyCertificate
    }
}
