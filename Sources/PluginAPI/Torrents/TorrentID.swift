/// The id by which a torrent client knows a torrent: 40 hexadecimal digits in lower case.
///
/// It is the v1 info hash, or the first 40 digits of the v2 info hash.
public struct TorrentID: Hashable, Sendable {
    /// The digits.
    public let hex: String

    /// - Throws: `PluginError` with `.invalid`: other texts, such as `all` or `a|b`, would reach other torrents.
    public init(_ text: String) throws {
        // The digits of other scripts have several bytes.
        guard text.utf8.count == 40, text.count == 40, text.allSatisfy(\.isHexDigit) else {
            throw PluginError(.invalid, "The id of a torrent has 40 hexadecimal digits.", field: "id")
        }
        hex = text.lowercased()
    }
}
