import PluginAPI

extension TorrentSource {
    /// The torrent in the engine's form.
    ///
    /// - Throws: `PluginError` with `.invalid` when the engine finds fault with it.
    func params() throws -> TorrentParams {
        do {
            return switch self {
            case .magnet(let magnet): try TorrentParams.magnet(magnet.link)
            case .file(let data, _): try TorrentParams.file(data)
            }
        } catch {
            throw PluginError(.invalid, "The torrent cannot be used: \(error.message).", field: field)
        }
    }

    private var field: String {
        if case .magnet = self { "link" } else { "file" }
    }
}
