public import FoundationEssentials

/// Recorded conversations with a remote service, for tests of a plugin without that service.
///
/// The file is JSON: `{"about": text, "exchanges": [{"name", "request": {"method", "path", "headers", "body"},
/// "response": {"status", "headers", "body"}}]}`. `path` holds the query too. A body is text, any other JSON value
/// (sent as JSON), or null. The body of a request may also be an object of form fields or `{"multipart": […]}`.
public struct RecordedExchanges: Sendable {
    /// One request with its answer.
    public struct Exchange: Sendable, Decodable {
        /// The request as it was recorded; a guide for the test, see `RecordedHost.Step.init(_:checkingForm:)`.
        public struct Request: Sendable, Decodable {
            /// In capitals.
            public var method: String
            /// With the query, without scheme and host.
            public var path: String
            /// Without those that name the recording machine.
            public var headers: [String: String]?
            /// Text, form fields, `{"multipart": […]}` or nothing.
            public var body: JSONValue?
        }

        /// The answer as it was recorded.
        public struct Response: Sendable, Decodable {
            /// The HTTP status.
            public var status: Int
            /// One value for each name.
            public var headers: [String: String]?
            /// Text, any other JSON value, or nothing.
            public var body: JSONValue?
        }

        /// What the exchange shows; tests call it by this.
        public var name: String
        /// What was sent.
        public var request: Request
        /// What came back.
        public var response: Response
    }

    /// Where the recording comes from.
    public let about: String
    /// In the order in which they happened.
    public let exchanges: [Exchange]

    /// Reads a recording from a file.
    ///
    /// - Throws: what reading or decoding threw; a test has no better answer than to show it.
    public init(contentsOf path: String) throws {
        try self.init(json: Data(contentsOf: URL(filePath: path)))
    }

    /// Reads a recording from the folder `Samples` of a target's tests.
    ///
    /// - Parameter file: the source file that asks, which stands in a folder beside `Samples`.
    public init(sample name: String, for file: String = #filePath) throws {
        let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        try self.init(contentsOf: "\(folder)/Samples/\(name)")
    }

    /// Reads a recording from its JSON.
    public init(json: Data) throws {
        let document = try JSONDecoder().decode(Document.self, from: json)
        about = document.about ?? ""
        exchanges = document.exchanges
    }

    /// The first exchange of that name.
    ///
    /// - Throws: `PluginError` with `.internal` when there is none.
    public func exchange(_ name: String) throws -> Exchange {
        guard let found = exchanges.first(where: { $0.name == name }) else {
            throw PluginError(.internal, "The recording holds no exchange named “\(name)”.")
        }
        return found
    }

    private struct Document: Decodable {
        var about: String?
        var exchanges: [Exchange]
    }
}

extension RecordedExchanges.Exchange.Response {
    /// The answer as the host gives it to a plugin.
    public func serviceResponse() throws -> ServiceResponse {
        let fields = (headers ?? [:]).sorted { $0.key < $1.key }.map { HeaderField($0.key, $0.value) }
        return ServiceResponse(status: status, headers: fields, body: try bytes())
    }

    private func bytes() throws -> Data {
        switch body {
        case nil, .null: Data()
        case .string(let text): Data(text.utf8)
        case .some(let value): try JSONEncoder().encode(value)
        }
    }
}
