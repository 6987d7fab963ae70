import PluginAPI

/// Where the Web UI is.
struct ServerAddress: Sendable {
    /// Host and port as a person reads them.
    let authority: String
    /// Ends in `/`; the API's paths follow it.
    let base: String
    let usesTLS: Bool

    /// - Throws: `PluginError` with `.invalid` and the field at fault.
    init(_ settings: QBittorrentSettings) throws {
        let host = try Self.host(settings.host)
        guard (1...65_535).contains(settings.port) else {
            throw PluginError(.invalid, "The port must be a number from 1 to 65535.", field: "port")
        }
        let path = settings.urlBase.split(separator: "/").map { "/" + $0 }.joined()
        guard path.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }) else {
            throw PluginError(.invalid, "The URL base is a path such as /qbittorrent.", field: "urlBase")
        }
        authority = "\(host):\(settings.port)"
        usesTLS = settings.tls
        base = "\(settings.tls ? "https" : "http")://\(authority)\(path)/api/v2/"
    }

    /// The host as it stands in a URL; an IPv6 address gets its brackets.
    private static func host(_ text: String) throws -> String {
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
}
