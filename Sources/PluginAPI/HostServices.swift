public import struct FoundationEssentials.Data
public import struct FoundationEssentials.Date

/// What the host does for one instance of a plugin.
public protocol HostServices: Sendable {
    /// Sends an HTTP request through the host's connection pool.
    ///
    /// The instance has its own cookies. A status of 400 or above is an answer, not an error.
    ///
    /// - Throws: `PluginError` with `.unreachable`, `.interrupted`, `.timeout`, `.untrusted`, `.badResponse` (larger than allowed) or
    ///   `.cancelled`.
    func send(_ request: ServiceRequest) async throws -> ServiceResponse

    /// Writes a line to the server's log; message and fields hold at most 16 KiB each.
    ///
    /// Never log a secret.
    func log(_ level: LogLevel, _ message: String, fields: [String: JSONValue])

    /// A value that the instance stored earlier, also before a restart.
    func value(for key: String) async throws -> Data?

    /// Stores a value of at most 1 MiB; `nil` removes it.
    func setValue(_ value: Data?, for key: String) async throws

    /// Where the instance may keep files.
    ///
    /// - Throws: `PluginError` with `.unsupported` when the host is older than this service, or `.internal` when the
    ///   folders cannot be made.
    func folders() async throws -> HostFolders

    /// The time, which a test sets.
    var now: Date { get }

    /// Tells the host of something that it would otherwise notice only at its next poll, for example "changed".
    func emit(_ event: String, details: [String: JSONValue])
}

extension HostServices {
    /// Throws `.unsupported`, for a host that has no folders to give, such as that of a test.
    public func folders() async throws -> HostFolders {
        throw PluginError(.unsupported, "This host gives plugins no folders.")
    }
}

/// Where an instance of a plugin may keep files; absolute paths of folders that exist.
public struct HostFolders: Hashable, Sendable, Codable {
    /// The instance's own, which only the server's user can read; it stays until the instance is deleted.
    public var data: String
    /// Where a download client that has no other place puts downloads; it is shared by all of them.
    public var downloads: String

    /// Two folders.
    public init(data: String, downloads: String) {
        self.data = data
        self.downloads = downloads
    }
}

/// The weight of a line in the log; the raw values are those of the C contract.
public enum LogLevel: Int32, Sendable, Comparable, CaseIterable {
    case debug, info, warning, error

    /// Orders by weight: `debug` is the least.
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A field of an HTTP header.
///
/// Names compare without case; several fields may have one name.
public struct HeaderField: Hashable, Sendable, Codable {
    /// As it was sent, for example "Content-Type".
    public var name: String
    /// The text after the colon, without blanks around it.
    public var value: String

    /// A field with a name that the host sends as it is.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A request that a plugin sends through the host.
public struct ServiceRequest: Hashable, Sendable {
    /// The HTTP method in capitals, for example "POST".
    public var method: String
    /// Absolute, http or https.
    public var url: String
    /// Sent in this order, beside those that the connection itself needs.
    public var headers: [HeaderField]
    /// Sent as it is; `nil` sends none.
    ///
    /// Not part of the JSON: it is the attachment of `http.send`.
    public var body: Data?
    /// Milliseconds for the whole exchange; the deadline of the call that it belongs to still holds.
    public var timeout: Int
    /// Whether an answer that names another address is followed there; key `follows_redirects`.
    public var followsRedirects: Bool
    /// The largest body in bytes that is taken; a larger one fails with `.badResponse`.
    ///
    /// Key `max_bytes`.
    public var maxBytes: Int
    /// Whether the instance's cookies are sent and kept; key `uses_cookies`.
    public var usesCookies: Bool
    /// Whether a certificate that nobody vouches for is refused; key `verifies_certificate`.
    public var verifiesCertificate: Bool

    /// A request without header and body.
    ///
    /// It takes 30 seconds and 64 MiB at most, follows redirects, uses cookies and verifies certificates.
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

    /// Reads a request in which everything but the address may be absent, and has the initializer's value then.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try container.decodeIfPresent(String.self, forKey: .method) ?? "GET",
            try container.decode(String.self, forKey: .url)
        )
        headers = try container.decodeIfPresent([HeaderField].self, forKey: .headers) ?? headers
        timeout = try container.decodeIfPresent(Int.self, forKey: .timeout) ?? timeout
        followsRedirects = try container.decodeIfPresent(Bool.self, forKey: .followsRedirects) ?? followsRedirects
        maxBytes = try container.decodeIfPresent(Int.self, forKey: .maxBytes) ?? maxBytes
        usesCookies = try container.decodeIfPresent(Bool.self, forKey: .usesCookies) ?? usesCookies
        verifiesCertificate =
            try container.decodeIfPresent(Bool.self, forKey: .verifiesCertificate) ?? verifiesCertificate
    }
}

/// The answer to a `ServiceRequest`.
public struct ServiceResponse: Hashable, Sendable {
    /// The HTTP status, 100 to 599.
    public var status: Int
    /// In the order in which they came, of the last answer when there were redirects.
    public var headers: [HeaderField]
    /// The address that answered, after redirects.
    public var url: String
    /// The whole body; empty when there is none.
    ///
    /// Not part of the JSON: it is the attachment.
    public var body: Data

    /// An answer as a host or a test makes it.
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

    /// Reads the answer, whose body is filled in from the attachment later.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        status = try container.decode(Int.self, forKey: .status)
        headers = try container.decode([HeaderField].self, forKey: .headers)
        url = try container.decode(String.self, forKey: .url)
        body = Data()
    }
}
