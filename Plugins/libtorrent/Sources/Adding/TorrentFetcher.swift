import FoundationEssentials
import PluginAPI

/// Fetches the torrent that an address leads to.
struct TorrentFetcher: Sendable {
    private static let mostRedirects = 10
    /// Seconds for all of it.
    private static let patience = 30.0
    /// Bytes; a torrent of a million pieces has 20 MB.
    private static let largestFile = 64 << 20

    let host: any HostServices

    /// Follows redirects by itself, for some lead to a magnet.
    ///
    /// - Throws: `PluginError` that says what there is in place of a torrent.
    func fetch(_ address: String) async throws -> TorrentSource {
        let begin = address.prefix(8).lowercased()
        guard begin.hasPrefix("http://") || begin.hasPrefix("https://"), !address.contains(where: \.isNewline) else {
            throw failure("The address of a .torrent file begins with http:// or https://.", .invalid)
        }
        let end = host.now + Self.patience
        var link = address
        for _ in 0...Self.mostRedirects {
            let response = try await host.send(request(link, until: end))
            switch response.status {
            case 200..<300: return try TorrentSource(file: response.body)
            case 300..<400:
                guard let target = target(of: response, from: link) else {
                    throw failure("The address redirects to nowhere.")
                }
                if target.lowercased().hasPrefix("magnet:") { return try TorrentSource(magnet: target) }
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
