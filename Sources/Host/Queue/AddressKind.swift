import PluginAPI

/// What an address leads to, as far as the address itself tells.
enum AddressKind: Hashable, Sendable {
    case torrent, nzb
    /// Perhaps an NZB: it looks as indexers' addresses do (`t=get` of Newznab's API).
    case likelyNZB
    /// A file that is no page, no torrent and no NZB.
    case file
    /// A page, or anything at all.
    case page

    init(_ address: String) {
        let whole = address.lowercased()
        let path = whole.prefix { $0 != "?" && $0 != "#" }
        // After the scheme and the host.
        let name = path.split(separator: "/").dropFirst(2).last ?? ""
        let ending = name.split(separator: ".").dropFirst().last.map(String.init)
        if path.hasSuffix(".torrent") {
            self = .torrent
        } else if [".nzb", ".nzb.gz", ".nzb.bz2", ".nzb.zip"].contains(where: { path.hasSuffix($0) }) {
            self = .nzb
        } else if whole.hasPrefix("ftp:") || whole.hasPrefix("sftp:") || ending.map(Self.endings.contains) == true {
            self = .file
        } else {
            let query = whole.dropFirst(path.count).prefix { $0 != "#" }.dropFirst().split(separator: "&")
            self = query.contains { $0 == "t=get" } || path.contains("/getnzb") ? .likelyNZB : .page
        }
    }

    /// What names of files end with that no site makes a page of.
    private static let endings = Set(
        """
        mkv mp4 m4v avi mov webm ts wmv flv mpg mpeg vob mp3 m4a flac ogg opus wav srt
        zip rar 7z tar tgz gz bz2 xz zst iso img bin exe dmg deb rpm pdf epub jpg jpeg png metalink meta4
        """
        .split(whereSeparator: \.isWhitespace).map(String.init)
    )

    /// The source that a client for it takes.
    var source: PluginManifest.Source {
        switch self {
        case .torrent: .torrent
        case .nzb: .nzb
        case .likelyNZB, .file, .page: .url
        }
    }

    /// How a client downloads what is there.
    ///
    /// - Parameter sources: what the client takes beside addresses, which tells what it makes of one.
    func downloadProtocol(with sources: [Open<PluginManifest.Source>]) -> DownloadProtocol {
        switch self {
        case .torrent: .torrent
        case .nzb: .usenet
        case .file: .url
        case .likelyNZB, .page:
            switch Taker(sources) {
            case .torrents: .torrent
            case .usenet: .usenet
            case .pages: .url
            }
        }
    }

    /// Of clients that take addresses, those that are made for this one, and after them those that may know better.
    ///
    /// For torrent clients an address is one of a torrent, also where it does not look so; they look before they take it.
    /// Usenet clients take everything for an NZB and fail later, so they come last, and get no plain file.
    /// The order is kept otherwise.
    func sorted(
        _ clients: [Instance],
        sources: (Instance) -> [Open<PluginManifest.Source>]
    ) -> [Instance] {
        let order: [Taker]
        switch self {
        case .torrent, .nzb: return clients.filter { sources($0).contains(.known(source)) }
        case .likelyNZB: order = [.usenet, .pages, .torrents]
        case .file: order = [.pages, .torrents]
        case .page: order = [.pages, .torrents, .usenet]
        }
        return order.flatMap { taker in clients.filter { Taker(sources($0)) == taker } }
    }

    /// What a client that takes addresses is made for.
    private enum Taker {
        case torrents, usenet
        /// It takes nothing else, so it reads pages.
        case pages

        init(_ sources: [Open<PluginManifest.Source>]) {
            if sources.contains(where: { [.torrent, .magnet].contains($0.value) }) {
                self = .torrents
            } else {
                self = sources.contains(.known(.nzb)) ? .usenet : .pages
            }
        }
    }
}

extension AddedDownload {
    /// Whether the client knows it as a torrent, which it calls by an info hash.
    var isTorrent: Bool {
        infoHash != nil || [40, 64].contains(id.utf8.count) && id.allSatisfy { $0.isASCII && $0.isHexDigit }
    }
}
