public import struct FoundationEssentials.Data
public import struct FoundationEssentials.Date

/// What the host does for one instance of a plugin.
public protocol HostServices: Sendable {
    /// Sends an HTTP request through the host's connection pool.
    ///
    /// The instance has its own cookies. A status of 400 or above is an answer, not an error.
    ///
    /// - Throws: `PluginError` with `.unreachable`, `.timeout`, `.untrusted`, `.badResponse` (larger than allowed) or
    ///   `.cancelled`.
    func send(_ request: ServiceRequest) async throws -> ServiceResponse

    /// Writes a line to the server's log. Never log a secret.
    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue])

    /// A value that the instance stored earlier, also before a restart.
    func value(for key: String) async throws -> Data?

    /// Stores a value of at most 1 MiB; `nil` removes it.
    func setValue(_ value: Data?, for key: String) async throws

    /// The time. Tests set it.
    var now: Date { get }

    /// Tells the host of something that it would otherwise notice only at its next poll, for example "changed".
    func emit(_ event: String, details: [String: JSONValue])
}

/// The weight of a line in the log.
public enum LogLevel: Int32, Sendable, Comparable, CaseIterable {
    case debug, info, warning, error

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A header field. Names compare without case.
public struct HeaderField: Hashable, Sendable, Codable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A request that a plugin sends through the host.
public struct ServiceRequest: Hashable, Sendable {
    public var method: String
    /// Absolute, http or https.
    public var url: String
    public var headers: [HeaderField]
    public var body: Data?
    /// Milliseconds for the whole exchange; the deadline of the call that it belongs to still holds.
    public var timeout: Int
    public var followsRedirects: Bool
    /// The largest body in bytes that is taken.
    public var maxBytes: Int
    /// Whether the instance's cookies are sent and kept.
    public var usesCookies: Bool
    /// Whether a certificate that nobody vouches for is refused.
    public var verifiesCertificate: Bool

    public init(_ method: String = "GET", _ url: String) {
        self.method = method
        self.url = url
        self.headers = []
        self.timeout = 30_000
        self.followsRedirects = true
        self.maxBytes = 64 << 20
        self.usesCookies = true
        self.verifiesCertificate = true
    }
}

/// The body is not part of the JSON: it travels as the attachment.
extension ServiceRequest: Codable {
    private enum CodingKeys: String, CodingKey {
        case method, url, headers, timeout
        case followsRedirects = "follows_redirects"
        case maxBytes = "max_bytes"
        case usesCookies = "uses_cookies"
        case verifiesCertificate = "verifies_certificate"
    }
}

/// The answer to a `ServiceRequest`.
public struct ServiceResponse: Hashable, Sendable {
    public var status: Int
    public var headers: [HeaderField]
    /// The address that answered, after redirects.
    public var url: String
    public var body: Data

    public init(status: Int, headers: [HeaderField] = [], url: String = "", body: Data = Data()) {
        self.status = status
        self.headers = headers
        self.url = url
        self.body = body
    }

    /// The first header field of that name; the name's case does not matter.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// The body is not part of the JSON: it travels as the attachment.
extension ServiceResponse: Codable {
    private enum CodingKeys: String, CodingKey { case status, headers, url }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        status = try container.decode(Int.self, forKey: .status)
        headers = try container.decode([HeaderField].self, forKey: .headers)
        url = try container.decode(String.self, forKey: .url)
        body = Data()
    }
}
