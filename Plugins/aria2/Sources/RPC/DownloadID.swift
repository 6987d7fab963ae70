import PluginAPI

/// The id of a download for hosts: the info hash of a torrent, aria2's own id (GID) of anything else.
///
/// aria2 gives a torrent new GIDs when its metadata comes and when it is started anew; the info hash stays.
struct DownloadID: Hashable, Sendable {
    let text: String

    /// - Throws: `PluginError` with `.invalid`.
    init(_ text: String) throws {
        // The digits of other scripts have several bytes.
        let count = text.utf8.count
        guard count == 40 || count == 16, text.count == count, text.allSatisfy(\.isHexDigit) else {
            throw PluginError(.invalid, "An aria2 download has an id of 40 or 16 hexadecimal digits.", field: "id")
        }
        self.text = text.lowercased()
    }

    var missing: PluginError {
        PluginError(.notFound, "aria2 does not have the download \(text) any more.", field: "id")
    }
}
