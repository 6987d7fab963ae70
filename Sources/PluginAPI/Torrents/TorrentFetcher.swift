public import FoundationEssentials

/// Fetches what an address leads to, so that its info hash is known before a client has the torrent.
public struct TorrentFetcher: Sendable {
    /// What an address led to.
    public enum Content: Sendable {
        /// The bytes of a .torrent file, which `TorrentFile` can read.
        case torrent(Data)
        /// A magnet link to which the address redirects.
        case magnet(String)
    }

    private static let mostRedirects = 10
    /// Bytes; a torrent of a million pieces has 20 MB.
    private static let largestFile = 64 << 20

    private let host: any HostServices
    private let patience: Double

    /// A fetcher that sends through `host`.
    ///
    /// - Parameter patience: seconds for all of it; what is left of the host's deadline is for the client.
    public init(host: any HostServices, patience: Double = 20) {
        (self.host, self.patience) = (host, patience)
    }

    /// Follows redirects by itself, for some lead to a magnet.
    ///
    /// - Throws: `PluginError` that says what there is in place of a torrent; `.invalid` when somebody else who asks would
    ///   get no torrent either.
    public func fetch(_ link: String) async throws -> Content {
        let begin = link.prefix(8).lowercased()
        guard begin.hasPrefix("http://") || begin.hasPrefix("https://"), !link.contains(where: \.isNewline) else {
            throw failure("The address of a .torrent file begins with http:// or https://.", .invalid)
        }
        let end = host.now + patience
        var link = link
        for _ in 0...Self.mostRedirects {
            let response: ServiceResponse
            do {
                response = try await host.send(request(link, until: end))
            } catch let error as PluginError where error.code == .badResponse {
                // Larger than any torrent, or not even HTTP.
                throw failure("There is no torrent at this address: \(error.message)", .invalid)
            }
            switch response.status {
            case 200..<300:
                _ = try TorrentFile(response.body)
                return .torrent(response.body)
            case 300..<400:
                guard let target = target(of: response, from: link) else {
                    throw failure("The address redirects to nowhere.")
                }
                if target.lowercased().hasPrefix("magnet:") { return .magnet(target) }
                link = target
            case 401, 403:
                throw failure("The address answers \(response.status): it needs a login or a valid key.", .forbidden)
            case 404, 410: throw failure("The address answers \(response.status): the file is gone.", .invalid)
            default: throw failure("The address answers \(response.status). Try again later.")
            }
        }
        throw failure("The address redirects more than \(Self.mostRedirects) times.")
    }

    private func request(_ link: String, until end: Date) throws -> ServiceRequest {
        let left = Int(end.timeIntervalSince(host.now) * 1000)
        guard left > 0 else { throw failure("The address does not answer in time.", .timeout) }
        var request = ServiceRequest("GET", link)
        request.followsRedirects = false
        request.maxBytes = Self.largestFile
        request.timeout = left
        return request
    }

    private func target(of response: ServiceResponse, from link: String) -> String? {
        guard let location = response.header("Location") else { return nil }
        // Names in a magnet are not always escaped as an address has to be.
        if location.lowercased().hasPrefix("magnet:") { return location }
        return URL(string: location, relativeTo: URL(string: link))?.absoluteString
    }

    private func failure(_ words: String, _ code: PluginError.Code = .remoteFailure) -> PluginError {
        PluginError(code, words, field: "link")
    }
}
