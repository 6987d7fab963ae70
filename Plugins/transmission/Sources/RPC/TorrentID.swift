import PluginAPI

/// A torrent as Transmission knows it for good: its v1 info hash, 40 hexadecimal digits in lower case.
///
/// The numbers that it also gives are new after each start.
struct TorrentID: Hashable, Sendable {
    let hex: String

    /// - Throws: `PluginError` with `.invalid`: other texts, such as `recently-active`, would reach other torrents.
    init(_ text: String) throws {
        // The digits of other scripts have several bytes.
        guard text.utf8.count == 40, text.count == 40, text.allSatisfy(\.isHexDigit) else {
            throw PluginError(.invalid, "A Transmission download has an id of 40 hexadecimal digits.", field: "id")
        }
        hex = text.lowercased()
    }

    /// The argument `ids` for this torrent alone.
    ///
    /// An empty list would mean all of them.
    var ids: JSONValue { [.string(hex)] }
}
