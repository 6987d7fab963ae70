import FoundationEssentials
import PluginAPI

/// A torrent that is to be added, understood as far as its info hashes.
struct TorrentSource: Sendable {
    enum Content: Sendable {
        case magnet(String)
        case file(Data)
    }

    let content: Content
    let hashes: InfoHashes
    /// What the source calls the torrent; it may be anything.
    let name: String?

    /// - Throws: `PluginError` with `.invalid` for what is no magnet.
    init(magnet text: String) throws {
        let magnet = try MagnetLink(text)
        content = .magnet(magnet.link)
        hashes = magnet.hashes
        name = magnet.name
    }

    /// - Throws: `PluginError` with `.invalid` for what is no torrent.
    init(file: Data) throws {
        let torrent = try TorrentFile(file)
        content = .file(file)
        hashes = torrent.hashes
        name = torrent.name
    }

    /// Understands a request; an address is fetched.
    ///
    /// - Throws: `PluginError` that says what there is in place of a torrent.
    init(_ request: AddDownload, file: Data?, host: any HostServices) async throws {
        switch request.source.value {
        case .magnet: try self.init(magnet: request.link)
        case .url where request.link.lowercased().hasPrefix("magnet:"): try self.init(magnet: request.link)
        case .url: self = try await TorrentFetcher(host: host).fetch(request.link)
        case .torrent:
            guard let file else { throw PluginError(.invalid, "The .torrent file is missing.", field: "file") }
            try self.init(file: file)
        default:
            throw PluginError(.unsupported, "This client takes torrents, not \(request.source.text).", field: "source")
        }
    }

    /// The torrent in the engine's form.
    ///
    /// - Throws: `PluginError` with `.invalid` when the engine finds fault with it.
    func params() throws -> TorrentParams {
        do {
            return switch content {
            case .magnet(let link): try TorrentParams.magnet(link)
            case .file(let data): try TorrentParams.file(data)
            }
        } catch {
            throw PluginError(.invalid, "The torrent cannot be used: \(error.message).", field: field)
        }
    }

    private var field: String {
        if case .magnet = content { "link" } else { "file" }
    }
}
