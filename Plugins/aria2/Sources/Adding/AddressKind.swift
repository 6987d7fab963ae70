import FoundationEssentials
import PluginAPI

/// What an address leads to, found out without fetching it.
enum AddressKind: Hashable, Sendable {
    /// A .torrent file, or what may be one.
    case torrent
    /// A magnet link.
    case magnet(String)
    /// A web page, which is no download.
    case page
    /// Anything else, which aria2 fetches itself.
    case file

    private static let mostRedirects = 10

    /// Asks for the header fields alone.
    ///
    /// A server that does not answer such a question is judged by the path.
    init(of link: String, host: any HostServices) async throws {
        guard link.lowercased().hasPrefix("http") else {
            self = .file
            return
        }
        var link = link
        for _ in 0...Self.mostRedirects {
            var request = ServiceRequest("HEAD", link)
            request.followsRedirects = false
            request.timeout = 10_000
            guard let response = try? await host.send(request) else { break }
            guard (300..<400).contains(response.status), let location = response.header("Location") else {
                let isTorrent = Self.isTorrent(response) || Self.looksLikeTorrent(link)
                self = isTorrent ? .torrent : Self.isPage(response) ? .page : .file
                return
            }
            if location.lowercased().hasPrefix("magnet:") {
                self = .magnet(location)
                return
            }
            guard let next = URL(string: location, relativeTo: URL(string: link))?.absoluteString else { break }
            link = next
        }
        self = Self.looksLikeTorrent(link) ? .torrent : .file
    }

    private static func isTorrent(_ response: ServiceResponse) -> Bool {
        guard (200..<300).contains(response.status) else { return false }
        if response.header("Content-Type")?.lowercased().contains("bittorrent") == true { return true }
        return response.header("Content-Disposition")?.lowercased().contains(".torrent") == true
    }

    private static func isPage(_ response: ServiceResponse) -> Bool {
        guard (200..<300).contains(response.status), response.header("Content-Disposition") == nil else { return false }
        let type = response.header("Content-Type")?.lowercased() ?? ""
        return type.hasPrefix("text/html") || type.hasPrefix("application/xhtml")
    }

    private static func looksLikeTorrent(_ link: String) -> Bool {
        link.prefix { $0 != "?" && $0 != "#" }.lowercased().hasSuffix(".torrent")
    }
}
