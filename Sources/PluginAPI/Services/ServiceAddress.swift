/// Where a program with a web interface is, made of what a user has entered.
public struct ServiceAddress: Hashable, Sendable {
    /// Host and port as a person reads them.
    public let authority: String
    /// Ends in `/`; the paths of the interface follow it.
    public let base: String
    /// Whether requests go over HTTPS.
    public let usesTLS: Bool

    /// The address of a form with the fields `host`, `port`, `tls` and `urlBase`.
    ///
    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    public init(host: String, port: Int, tls: Bool, urlBase: String) throws {
        let host = try Self.checked(host)
        guard (1...65_535).contains(port) else {
            throw PluginError(.invalid, "The port must be a number from 1 to 65535.", field: "port")
        }
        let path = urlBase.split(separator: "/").map { "/" + $0 }.joined()
        guard path.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }) else {
            throw PluginError(.invalid, "The URL base is a path such as /downloads.", field: "urlBase")
        }
        authority = "\(host):\(port)"
        usesTLS = tls
        base = "\(tls ? "https" : "http")://\(authority)\(path)/"
    }

    /// The host as it stands in a URL; an IPv6 address gets its brackets.
    private static func checked(_ text: String) throws -> String {
        let allowed = text.utf8.allSatisfy { byte in
            byte > 32 && byte != 127 && !#"/\?#@"<>%"#.utf8.contains(byte)
        }
        guard allowed, !text.isEmpty else {
            throw PluginError(
                .invalid,
                "The host is a name or an IP address, without http:// and without a path.",
                field: "host"
            )
        }
        if text.hasPrefix("[") || text.filter({ $0 == ":" }).count > 1 {
            return text.hasPrefix("[") ? text : "[\(text)]"
        }
        guard !text.contains(":") else {
            throw PluginError(.invalid, "The port belongs in its own field.", field: "host")
        }
        return text
    }

    /// Whether the host is this very machine, so that nobody on the way can read what is sent.
    public var isLoopback: Bool {
        let host = authority.prefix { $0 != "]" }.drop { $0 == "[" }
        return host.hasPrefix("127.") || host.hasPrefix("localhost:") || host == "::1"
    }
}
