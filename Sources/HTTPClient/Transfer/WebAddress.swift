import CCurl

/// An http or https address, taken apart once by libcurl's own parser so that all decisions follow what is connected to.
struct WebAddress: Sendable {
    /// The address without user name, password and fragment.
    let text: String
    /// `http` or `https`.
    let scheme: String
    /// Lowercase; an IPv6 address stands in brackets.
    let host: String
    let port: String
    /// Begins with a slash.
    let path: String
    /// The user name and password that stood in the address, decoded.
    let credentials: HTTPClientRequest.BasicAuth?

    /// Takes `text` apart; spaces and letters outside ASCII are encoded.
    init(_ text: String) throws(HTTPClientError) {
        try self.init(text, relativeTo: nil)
    }

    /// The address that `location` means in a response from here (RFC 9110, section 10.2.2).
    func resolving(_ location: String) throws(HTTPClientError) -> WebAddress {
        try WebAddress(location, relativeTo: self.text)
    }

    private init(_ text: String, relativeTo base: String?) throws(HTTPClientError) {
        guard let parser = curl_url() else { throw .outOfResources }
        defer { curl_url_cleanup(parser) }
        // A C string would end at the first NUL, and another address than the one that was asked for would be fetched.
        guard !text.utf8.contains(0) else { throw Self.invalid }
        if let base { curl_url_set(parser, CURLUPART_URL, base, 0) }
        let flags = UInt32(CURLU_URLENCODE | CURLU_ALLOW_SPACE | CURLU_NON_SUPPORT_SCHEME)
        guard curl_url_set(parser, CURLUPART_URL, text, flags) == CURLUE_OK else { throw Self.invalid }
        let scheme = Self.part(CURLUPART_SCHEME, of: parser) ?? ""
        guard scheme == "http" || scheme == "https" else {
            throw HTTPClientError(.invalidURL, "The address cannot be used: it must begin with http:// or https://.")
        }
        self.scheme = scheme
        credentials = Self.part(CURLUPART_USER, of: parser, UInt32(CURLU_URLDECODE)).map {
            .init(user: $0, password: Self.part(CURLUPART_PASSWORD, of: parser, UInt32(CURLU_URLDECODE)) ?? "")
        }
        for secret in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT] {
            curl_url_set(parser, secret, nil, 0)
        }
        guard let host = Self.part(CURLUPART_HOST, of: parser), !host.isEmpty,
            let port = Self.part(CURLUPART_PORT, of: parser, UInt32(CURLU_DEFAULT_PORT)),
            let whole = Self.part(CURLUPART_URL, of: parser)
        else { throw Self.invalid }
        self.host = host.lowercased()
        self.port = port
        self.text = whole
        path = Self.part(CURLUPART_PATH, of: parser) ?? "/"
    }

    private static var invalid: HTTPClientError {
        HTTPClientError(
            .invalidURL,
            "The address cannot be used: it is not of the form http://host:port/path. Check it for typing errors."
        )
    }

    private static func part(_ part: CURLUPart, of parser: OpaquePointer, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parser, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}

extension WebAddress {
    /// `host:port`, the part of an address that may stand in messages.
    var endpoint: String { "\(host):\(port)" }

    /// The host in the form that cookies compare: without the brackets of IPv6 and the dot that ends a full name.
    var cookieHost: String {
        if host.hasPrefix("[") { return String(host.dropFirst().dropLast()) }
        return host.hasSuffix(".") ? String(host.dropLast()) : host
    }

    /// Whether the host is an IP address; names below it do not exist.
    var isNumericHost: Bool {
        host.hasPrefix("[") || host.utf8.allSatisfy { "0123456789.".utf8.contains($0) }
    }

    /// Whether secrets for one may be sent to the other.
    func hasSameOrigin(as other: WebAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }
}
