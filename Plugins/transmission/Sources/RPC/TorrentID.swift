import PluginAPI

/// How calls name a torrent.
///
/// The numbers that Transmission also gives are new after each start.
extension TorrentID {
    /// The argument `ids` for this torrent alone.
    ///
    /// An empty list would mean all of them.
    var ids: JSONValue { [.string(hex)] }
}
