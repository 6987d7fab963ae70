import FoundationEssentials

/// One request on the wire: the first of an exchange, or one that a redirect asks for.
struct Hop: Sendable {
    static let redirectLimit = 10

    let address: WebAddress
    let method: String
    /// The caller's fields that go to this address, with `Authorization` made from the credentials.
    let headers: [(name: String, value: String)]
    let body: Data?
    /// How many redirects lie before.
    let redirects: Int

    /// Checks everything that the caller chose, so that nothing malformed reaches a server.
    init(_ request: HTTPClientRequest) throws(HTTPClientError) {
        address = try WebAddress(request.url)
        guard Self.isToken(request.method) else {
            throw HTTPClientError(.invalidRequest, "The request's method is not a word of letters. Use GET or POST.")
        }
        method = request.method
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(request.headers.count + 1)
        for field in request.headers where !Self.isFraming(field.name) {
            try Self.check(field)
            headers.append(field)
        }
        if let credentials = request.basicAuth ?? address.credentials, !headers.contains(named: "Authorization") {
            let token = Data("\(credentials.user):\(credentials.password)".utf8).base64EncodedString()
            headers.append(("Authorization", "Basic \(token)"))
        }
        self.headers = headers
        body = request.body
        redirects = 0
    }

    private init(after hop: Hop, to address: WebAddress, keepsBody: Bool, method: String) {
        let isAtHome = hop.address.hasSameOrigin(as: address)
        self.address = address
        self.method = method
        headers = hop.headers.filter {
            (isAtHome || !Self.belongsToOrigin($0.name)) && (keepsBody || !Self.describesBody($0.name))
        }
        body = keepsBody ? hop.body : nil
        redirects = hop.redirects + 1
    }

    /// The request that a response asks for, or `nil` when the response is final.
    func following(_ head: ResponseHead) throws(HTTPClientError) -> Hop? {
        guard [301, 302, 303, 307, 308].contains(head.status), let location = head.fields.first(named: "Location")
        else { return nil }
        guard redirects < Self.redirectLimit else {
            throw HTTPClientError(
                .tooManyRedirects,
                "\(address.endpoint) redirects more than \(Self.redirectLimit) times. Check the address, and the server's own idea of its address."
            )
        }
        guard let target = try? address.resolving(location) else {
            throw HTTPClientError(
                .protocol,
                "\(address.endpoint) redirects to an address that is not a valid http or https address."
            )
        }
        let becomesGet = head.status == 303 ? method != "HEAD" : head.status < 303 && method == "POST"
        return Hop(after: self, to: target, keepsBody: !becomesGet, method: becomesGet ? "GET" : method)
    }

    /// Fields that libcurl must write itself, from the body that it sends.
    private static func isFraming(_ name: String) -> Bool {
        name.equalsIgnoringASCIICase("Content-Length") || name.equalsIgnoringASCIICase("Transfer-Encoding")
    }

    private static func describesBody(_ name: String) -> Bool {
        name.lowercased().hasPrefix("content-")
    }

    /// Fields that hold a secret for one server, or its name.
    ///
    /// The APIs that Kinodock talks to have many names for keys.
    private static func belongsToOrigin(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["authorization", "cookie", "proxy-authorization", "host", "origin", "referer"].contains(name)
            || ["key", "token", "secret", "password", "session"].contains { name.hasSuffix($0) }
    }

    private static func check(_ field: (name: String, value: String)) throws(HTTPClientError) {
        guard isToken(field.name) else {
            throw HTTPClientError(.invalidRequest, "The name of a header field holds a character that is not allowed.")
        }
        guard !field.value.utf8.contains(where: { $0 == 0 || $0 == 0x0a || $0 == 0x0d }) else {
            throw HTTPClientError(
                .invalidRequest,
                "The value of the header field \(field.name) holds a line break. Remove it."
            )
        }
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                byte > 0x20 && byte < 0x7f && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
            }
    }
}
