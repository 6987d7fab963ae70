import CCurl

/// A proxy's address, checked.
struct Proxy: Sendable {
    private static let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]

    /// As libcurl takes it; may hold a user name and a password.
    let address: String
    /// `host:port` or `host`, which may stand in messages.
    let endpoint: String

    /// Checks the address of a proxy; `nil` when `text` is empty, which means none.
    init?(_ text: String) throws(HTTPClientError) {
        if text.isEmpty { return nil }
        guard let parser = curl_url() else { throw .outOfResources }
        defer { curl_url_cleanup(parser) }
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)
        let whole = text.contains("://") ? text : "http://\(text)"
        guard !text.utf8.contains(0), curl_url_set(parser, CURLUPART_URL, whole, flags) == CURLUE_OK,
            let scheme = Self.part(CURLUPART_SCHEME, of: parser), Self.schemes.contains(scheme),
            let host = Self.part(CURLUPART_HOST, of: parser), !host.isEmpty
        else {
            throw HTTPClientError(
                .proxy,
                "The proxy's address cannot be used: it is not of the form http://host:port or socks5h://host:port."
            )
        }
        address = whole
        endpoint = Self.part(CURLUPART_PORT, of: parser).map { "\(host):\($0)" } ?? host
    }

    private static func part(_ part: CURLUPart, of parser: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(parser, part, &text, 0) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
