import FoundationEssentials
import PluginAPI

/// Fetches what the link of a release leads to, and looks whether it is what it should be.
struct ReleaseFetcher: Sendable {
    /// Bytes; the NZB of 100 GB in small articles has 30 MB.
    static let largestFile = 64 << 20
    private static let mostRedirects = 5

    let server: IndexerServer

    /// Follows redirects by itself, for some lead to a magnet.
    func fetch(_ link: String) async throws -> ReleaseContent {
        var link = link.trimmed
        for _ in 0...Self.mostRedirects {
            if let magnet = try Self.magnet(link) { return magnet }
            guard ["http://", "https://"].contains(where: { link.lowercased().hasPrefix($0) }) else {
                throw PluginError(
                    .badResponse,
                    "\(server.name) leads to something that is neither a file nor a magnet."
                )
            }
            let response = try await server.send(server.request(link, Self.largestFile), for: .download)
            guard (300..<400).contains(response.status) else { return try content(of: response, from: link) }
            link = try target(of: response, from: link)
        }
        throw PluginError(
            .badResponse,
            "\(server.name) redirects more than \(Self.mostRedirects) times for this release."
        )
    }

    private static func magnet(_ text: String) throws -> ReleaseContent? {
        guard text.prefix(8).lowercased() == "magnet:?" else { return nil }
        return ReleaseContent(magnet: try MagnetLink(text).link)
    }

    private func target(of response: ServiceResponse, from link: String) throws -> String {
        guard let location = response.header("Location"), !location.isEmpty else {
            throw PluginError(.badResponse, "\(server.name) redirects to nowhere for this release.")
        }
        // Names in a magnet are not always escaped as an address has to be.
        if location.lowercased().hasPrefix("magnet:") { return location }
        guard let target = URL(string: location, relativeTo: URL(string: link))?.absoluteString else {
            throw PluginError(.badResponse, "\(server.name) redirects to an address that cannot be read.")
        }
        return target
    }

    private func content(of response: ServiceResponse, from link: String) throws -> ReleaseContent {
        let body = response.body
        if let fault = Self.fault(in: body) { throw server.failure(fault, response, of: .download) }
        guard (200..<300).contains(response.status) else { throw refusal(response, from: link) }
        if body.isEmpty { throw strange("is empty") }
        if body.first == UInt8(ascii: "d") {
            do { _ = try TorrentFile(body) } catch let error as PluginError {
                throw strange("is no torrent. \(error.message)")
            }
            return ReleaseContent(.torrent, file: body)
        }
        if body.count < 64 << 10, let magnet = try Self.magnet(String(decoding: body, as: UTF8.self).trimmed) {
            return magnet
        }
        if body.beginsWithWebPage {
            throw strange("is a web page: a limit of downloads may be reached, or its site asks for a login")
        }
        try checkNZB(body)
        return ReleaseContent(.nzb, file: body)
    }

    private func refusal(_ response: ServiceResponse, from link: String) -> PluginError {
        let authority = link.drop { $0 != ":" }.dropFirst(3).prefix { !"/?#".contains($0) }
        let host = (authority.split(separator: "@").last ?? "").prefix { $0 != ":" }
        let isAnother = host != server.address.authority.prefix { $0 != ":" }
        return switch response.status {
        case 404, 410:
            PluginError(.notFound, "\(server.name) does not have this release any more: status \(response.status).")
        // What another host thinks of a login says nothing about the key of the indexer.
        case 401 where isAnother, 403 where isAnother:
            PluginError(
                .badResponse,
                "\(server.name) leads to \(host) for this release, which refuses with status \(response.status)."
            )
        default: server.failure(response, of: .download)
        }
    }

    private func checkNZB(_ body: Data) throws {
        let document = NZBDocument()
        do {
            try XMLReader.read(body, into: document)
        } catch let damage as XMLDamage {
            throw strange("is neither a torrent nor an NZB: it \(damage.words)")
        } catch let other as StrangeDocument {
            throw strange("is neither a torrent nor an NZB, but <\(server.words(other.root).prefix(40))>")
        }
        guard document.segments > 0 else { throw strange("is an NZB that names no articles") }
    }

    private func strange(_ what: String) -> PluginError {
        PluginError(
            .badResponse,
            "What the indexer at \(server.address.authority) gives for this release \(what)\(what.hasSuffix(".") ? "" : ".")"
        )
    }

    /// The error of the API that stands in place of a file.
    private static func fault(in body: Data) -> IndexerFault? {
        guard body.count < 64 << 10, String(decoding: body.prefix(512), as: UTF8.self).contains("<error") else {
            return nil
        }
        do {
            try XMLReader.read(body, into: DocumentReading(Feed()))
        } catch let fault as IndexerFault {
            return fault
        } catch {}
        return nil
    }
}
