/// What a test of a connection found.
public struct ConnectionReport: Hashable, Sendable, Codable {
    /// One thing that was tried.
    public struct Check: Hashable, Sendable, Codable {
        /// A short name in lower case, for example "login".
        public var name: String
        /// Whether it went as it should.
        public var ok: Bool
        /// The settings key that this check speaks of.
        public var field: String?
        /// What was found, and what to do when it is not ok.
        public var message: String?

        /// The outcome of one try.
        public init(_ name: String, ok: Bool, field: String? = nil, message: String? = nil) {
            self.name = name
            self.ok = ok
            self.field = field
            self.message = message
        }
    }

    /// Something that works but will surprise the user.
    public struct Warning: Hashable, Sendable, Codable {
        /// A stable name in lower case with underscores.
        public var code: String
        /// What it means and what to do.
        public var message: String
        /// The settings key that the warning speaks of.
        public var field: String?

        /// A warning; `message` is shown to the user as it is.
        public init(_ code: String, _ message: String, field: String? = nil) {
            self.code = code
            self.message = message
            self.field = field
        }
    }

    /// The version of the remote service.
    public var version: String?
    /// The version of its API; key `api_version`.
    public var apiVersion: String?
    /// Where a download client stores finished downloads, as it sees the path itself; key `save_path`.
    public var savePath: String?
    /// The categories that a download client knows, with the path of each as the client sees it.
    public var categories: [String: String]?
    /// What was tried, in that order; one that is not ok makes the whole test fail.
    public var checks: [Check]
    /// What works but will surprise.
    public var warnings: [Warning]

    private enum CodingKeys: String, CodingKey {
        case version, categories, checks, warnings
        case apiVersion = "api_version"
        case savePath = "save_path"
    }

    /// A report to which checks and warnings are added.
    public init(version: String? = nil, apiVersion: String? = nil) {
        self.version = version
        self.apiVersion = apiVersion
        self.checks = []
        self.warnings = []
    }
}
