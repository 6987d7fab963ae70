import FoundationEssentials
import HTTPServer
import PluginAPI

/// Addresses that hold several things, and what they hold.
extension QueueAPI {
    func inspect(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        struct Body: Decodable {
            var url: String
            var downloadClientId: String?
            var options: [String: JSONValue]?
        }
        let body = try request.decodeJSON(Body.self)
        var wanted = DownloadRequest(.url(body.url))
        wanted.clientID = body.downloadClientId
        wanted.wishes.options = body.options
        let found = try await queue.inspect(wanted)
        return .json(Array(try JSONEncoder().encode(InspectedAddress(found.source, by: found.client))))
    }

    /// `item` with the ids of the others that were added with it.
    static func naming(_ others: [String], in item: [UInt8]) -> [UInt8] {
        guard !others.isEmpty else { return item }
        let more = JSONWriter.object { $0.member("others", others) }
        return item.dropLast() + [UInt8(ascii: ",")] + more.dropFirst()
    }
}

/// The answer to `POST /api/queue/inspect`.
private struct InspectedAddress: Encodable {
    struct Format: Encodable {
        let id: String
        let ext: String?
        let note: String?
        let width: Int?
        let height: Int?
        let fps: Double?
        let videoCodec: String?
        let audioCodec: String?
        let size: Int64?
        let bitrate: Double?
    }

    struct Entry: Encodable {
        let url: String
        let title: String?
        let duration: Double?
        let thumbnail: String?
    }

    let downloadClientId: String
    let downloadClient: String
    let title: String?
    let description: String?
    let duration: Double?
    let thumbnail: String?
    let uploader: String?
    let isLive: Bool
    let size: Int64?
    let formats: [Format]
    let entries: [Entry]
    let details: JSONValue?

    init(_ source: InspectedSource, by client: Instance) {
        downloadClientId = client.id
        downloadClient = client.name
        title = source.title
        description = source.description
        duration = source.duration
        thumbnail = source.thumbnail
        uploader = source.uploader
        isLive = source.isLive == true
        size = source.size
        formats = source.formats.map(Format.init)
        entries = source.entries.map {
            Entry(url: $0.link, title: $0.title, duration: $0.duration, thumbnail: $0.thumbnail)
        }
        details = source.details
    }
}

extension InspectedAddress.Format {
    fileprivate init(_ format: InspectedSource.Format) {
        self.init(
            id: format.id,
            ext: format.ext,
            note: format.note,
            width: format.width,
            height: format.height,
            fps: format.fps,
            videoCodec: format.videoCodec,
            audioCodec: format.audioCodec,
            size: format.size,
            bitrate: format.bitrate
        )
    }
}
