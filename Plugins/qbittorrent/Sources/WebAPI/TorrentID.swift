import PluginAPI

/// qBittorrent's id of a torrent: 40 hexadecimal digits in lower case.
///
/// It is the SHA-1 info hash, or the first 40 digits of the SHA-256 info hash where a torrent has one.
struct TorrentID: Hashable, Sendable {
    let hex: String

    /// - Throws: `PluginError` with `.invalid`: texts such as `all` or `a|b` would reach other torrents.
    init(_ text: String) throws {
        guard text.utf8.count == 40, text.utf8.allSatisfy(\.isHexDigit) else {
            throw PluginError(.invalid, "A qBittorrent download has an id of 40 hexadecimal digits.", field: "id")
        }
        hex = text.lowercased()
    }
}

extension UInt8 {
    /// Whether this is the ASCII code of a hexadecimal digit.
    var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
