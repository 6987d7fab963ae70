import PluginAPI

/// qBittorrent's id of a torrent: 40 hexadecimal digits in lower case.
///
/// It is the SHA-1 info hash, or the first 40 digits of the SHA-256 info hash where a torrent has one.
struct TorrentID: Hashable, Sendable {
    let hex: String

    /// - Throws: `PluginError` with `.invalid`: texts such as `all` or `a|b` would reach other torrents.
    init(_ text: String) throws {
        // The digits of other scripts have several bytes.
        guard text.utf8.count == 40, text.count == 40, text.allSatisfy(\.isHexDigit) else {
            throw PluginError(.invalid, "A qBittorrent download has an id of 40 hexadecimal digits.", field: "id")
        }
        hex = text.lowercased()
    }
}
