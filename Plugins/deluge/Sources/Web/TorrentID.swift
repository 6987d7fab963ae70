import PluginAPI

/// Deluge's id of a torrent: 40 hexadecimal digits in lower case.
///
/// It is the v1 info hash, or the shortened v2 hash where a torrent has one and libtorrent 2 runs inside.
struct TorrentID: Hashable, Sendable {
    let hex: String

    /// - Throws: `PluginError` with `.invalid`.
    init(_ text: String) throws {
        // The digits of other scripts have several bytes.
        guard text.utf8.count == 40, text.count == 40, text.allSatisfy(\.isHexDigit) else {
            throw PluginError(.invalid, "A Deluge download has an id of 40 hexadecimal digits.", field: "id")
        }
        hex = text.lowercased()
    }

    /// As a parameter.
    var value: JSONValue { .string(hex) }

    /// As a parameter of methods that take several.
    var list: JSONValue { [.string(hex)] }
}
