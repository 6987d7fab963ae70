import PluginAPI

/// What an http address leads to, as far as the address itself tells.
enum AddressKind: Hashable, Sendable {
    case torrent, nzb
    /// A page, or a file of any other kind.
    case page

    init(_ address: String) {
        let path = address.prefix { $0 != "?" && $0 != "#" }.lowercased()
        self = path.hasSuffix(".torrent") ? .torrent : path.hasSuffix(".nzb") ? .nzb : .page
    }

    /// The source that a client for it takes.
    var source: PluginManifest.Source {
        switch self {
        case .torrent: .torrent
        case .nzb: .nzb
        case .page: .url
        }
    }

    /// How a client downloads what is there.
    ///
    /// - Parameter sources: what the client takes beside addresses, which tells what it makes of one.
    func downloadProtocol(with sources: [Open<PluginManifest.Source>]) -> DownloadProtocol {
        switch self {
        case .torrent: .torrent
        case .nzb: .usenet
        case .page where sources.contains { [.torrent, .magnet].contains($0.value) }: .torrent
        case .page where sources.contains(.known(.nzb)): .usenet
        case .page: .url
        }
    }

    /// Of clients that take addresses, those that are made for this one, and after them those that may know better.
    ///
    /// For torrent and usenet clients an address is one of a torrent or an NZB, also where it does not look so; a client
    /// that takes neither reads pages. The order is kept otherwise.
    func sorted(
        _ clients: [Instance],
        sources: (Instance) -> [Open<PluginManifest.Source>]
    ) -> [Instance] {
        switch self {
        case .torrent, .nzb: return clients.filter { sources($0).contains(.known(source)) }
        case .page:
            let readers = clients.filter { client in
                !sources(client).contains { [.torrent, .magnet, .nzb].contains($0.value) }
            }
            return readers + clients.filter { client in !readers.contains { $0.id == client.id } }
        }
    }
}
