import FoundationEssentials
import PluginAPI

/// What somebody wants to have downloaded.
struct DownloadRequest: Sendable {
    /// A magnet, an address, or the bytes of a file.
    enum Content: Sendable {
        case magnet(String)
        case url(String)
        case torrent(Data)
        case nzb(Data)
    }

    var content: Content
    /// The instance to use; the best one that takes the content when absent.
    var clientID: String?
    var category: String?
    /// The title of the library that the download is for.
    var titleID: String?
    /// The kind that the title has to be of.
    var titleKind: Title.Kind?
    /// A title to add to the library together with the download; without a `titleID`.
    var newTitle: Title?
    var episodeIDs: [String] = []
    /// The name of the release; taken from the content when absent.
    var name: String?
    var isPaused: Bool?
    var indexer: String?
    var wishes = DownloadWishes()

    init(_ content: Content) {
        self.content = content
    }
}

/// The content of a request, looked into.
struct ResolvedSource: Sendable {
    let source: PluginManifest.Source
    /// The magnet or address; empty for a file.
    var link = ""
    var file: Data?
    var infoHash: String?
    /// The name that the content gives itself.
    var name: String?

    /// Looks into `content`.
    ///
    /// - Throws: `QueueError.badSource` with what is wrong.
    init(_ content: DownloadRequest.Content) throws {
        switch content {
        case .magnet(let text):
            let magnet: MagnetLink
            do { magnet = try MagnetLink(text) } catch {
                throw QueueError.badSource(PluginError(wrapping: error).message)
            }
            source = .magnet
            link = text
            infoHash = magnet.hashes.preferred
            name = magnet.name
        case .torrent(let data):
            let torrent: TorrentFile
            do { torrent = try TorrentFile(data) } catch {
                throw QueueError.badSource(PluginError(wrapping: error).message)
            }
            source = .torrent
            file = data
            infoHash = torrent.hashes.preferred
            name = torrent.name
        case .nzb(let data):
            let nzb: NZBFile
            do { nzb = try NZBFile(data) } catch {
                throw QueueError.badSource(PluginError(wrapping: error).message)
            }
            source = .nzb
            file = data
            name = nzb.title
        case .url(let text):
            guard let scheme = text.split(separator: ":").first?.lowercased(), Self.schemes.contains(scheme),
                text.dropFirst(scheme.count).hasPrefix("://"), text.count > scheme.count + 3,
                !text.contains(where: \.isWhitespace)
            else { throw QueueError.badSource("An address begins with http://, https://, ftp:// or sftp://.") }
            source = .url
            link = text
            name = Self.placeholder(for: text)
        }
    }

    private static let schemes = ["http", "https", "ftp", "sftp"]

    /// How the content is downloaded.
    ///
    /// An address can only be fetched.
    var downloadProtocol: DownloadProtocol {
        switch source {
        case .magnet, .torrent: .torrent
        case .nzb: .usenet
        case .url: .url
        }
    }

    /// The begin of a name that stands in until the client knows the real one.
    static let placeholder = "Download from "

    /// Any other part of an address may be a key of its site, and the queue can be read by anybody.
    private static func placeholder(for url: String) -> String {
        let authority = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        let host = authority.split(separator: "@").last ?? authority
        return placeholder + (host.split(separator: ":").first.map(String.init) ?? "an address")
    }
}
