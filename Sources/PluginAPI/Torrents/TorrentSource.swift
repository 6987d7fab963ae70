public import FoundationEssentials

/// A torrent that a client is to download: its magnet or its file, with the hashes that both tell.
public enum TorrentSource: Sendable {
    /// A link, of which only the hashes are known.
    case magnet(MagnetLink)
    /// The bytes of a .torrent, and what stands in them.
    case file(Data, TorrentFile)

    /// The hashes of the torrent.
    public var hashes: InfoHashes {
        switch self {
        case .magnet(let link): link.hashes
        case .file(_, let file): file.hashes
        }
    }

    /// What the source calls the torrent, which may be anything; `nil` when it does not.
    public var name: String? {
        switch self {
        case .magnet(let link): link.name
        case .file(_, let file): file.name
        }
    }

    /// Reads what a request asks for; an address is fetched, also where it redirects to a magnet.
    ///
    /// - Parameters:
    ///   - client: what the client is called, for words.
    ///   - patience: seconds for fetching an address; what is left of the host's deadline is for the client.
    /// - Throws: `PluginError`: `.invalid` for what is no torrent, `.unsupported` for a source that is none, and whatever
    ///   fetching an address throws. Another code than `.invalid` means that the client may reach more than the host.
    public init(
        _ request: AddDownload,
        file: Data?,
        client: String,
        host: any HostServices,
        patience: Double = 20
    ) async throws {
        switch request.source.value {
        case .magnet: self = .magnet(try MagnetLink(request.link))
        case .url where request.link.lowercased().hasPrefix("magnet:"): self = .magnet(try MagnetLink(request.link))
        case .url: self = try await Self.fetched(request.link, TorrentFetcher(host: host, patience: patience))
        case .torrent:
            guard let file else { throw PluginError(.invalid, "The .torrent file is missing.", field: "file") }
            self = .file(file, try TorrentFile(file))
        default:
            throw PluginError(.unsupported, "\(client) takes torrents, not \(request.source.text).", field: "source")
        }
    }

    private static func fetched(_ link: String, _ fetcher: TorrentFetcher) async throws -> Self {
        switch try await fetcher.fetch(link) {
        case .magnet(let link): .magnet(try MagnetLink(link))
        case .torrent(let file): .file(file, try TorrentFile(file))
        }
    }
}
