import PluginAPI

/// How calls name a torrent.
extension TorrentID {
    /// As a parameter.
    var value: JSONValue { .string(hex) }

    /// As a parameter of methods that take several.
    var list: JSONValue { [.string(hex)] }
}
