import FoundationEssentials
import HTTPServer
import PluginAPI

/// The body of `POST /api/queue`.
struct AddToQueueBody: Decodable {
    var magnet: String?
    var url: String?
    /// Base64 of a .torrent.
    var torrent: String?
    /// Base64 of an NZB.
    var nzb: String?
    /// The id of a release that a search has found.
    var release: String?
    var downloadClientId: String?
    var category: String?
    var movieId: String?
    var seriesId: String?
    var episodeIds: [String]?
    var title: String?
    var paused: Bool?
    /// low, normal, high or force.
    var priority: String?
    /// What the client knows beside the source, by its own names.
    var options: [String: JSONValue]?

    private static let mostEpisodes = 1000

    /// A file that came as a part of a form.
    private var uploaded: DownloadRequest.Content?

    private enum CodingKeys: String, CodingKey {
        case magnet, url, torrent, nzb, release, downloadClientId, category, movieId, seriesId, episodeIds, title
        case paused, priority, options
    }

    /// Reads a JSON body, or a form with a file.
    ///
    /// - Throws: `HTTPError` 400, 413 or 415.
    static func read(from request: HTTPRequest) throws -> AddToQueueBody {
        guard request.headers["Content-Type"]?.lowercased().hasPrefix("multipart/form-data") == true else {
            return try request.decodeJSON(AddToQueueBody.self)
        }
        let form = try request.decodeMultipart()
        var body = AddToQueueBody()
        body.magnet = form.field("magnet")
        body.url = form.field("url")
        body.release = form.field("release")
        body.downloadClientId = form.field("downloadClientId")
        body.category = form.field("category")
        body.movieId = form.field("movieId")
        body.seriesId = form.field("seriesId")
        body.episodeIds = form.parts.filter { $0.name == "episodeIds" }.map(\.text)
        body.title = form.field("title")
        if let text = form.field("paused") {
            guard let paused = Bool(text) else { throw HTTPError.validation("paused", "Must be true or false.") }
            body.paused = paused
        }
        body.priority = form.field("priority")
        if let text = form.field("options") {
            guard let options = try? JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8)) else {
                throw HTTPError.validation("options", "Must be a JSON object.")
            }
            body.options = options
        }
        let files = form.parts.filter { $0.filename != nil }
        guard files.count <= 1 else { throw HTTPError.validation("file", "Send one file at a time.") }
        body.uploaded = files.first.map { file in
            let isNZB = file.name == "nzb" || file.filename?.lowercased().hasSuffix(".nzb") == true
            return isNZB ? .nzb(file.data) : .torrent(file.data)
        }
        return body
    }

    /// - Parameter grab: fetches a release that a search has found.
    /// - Throws: `HTTPError` 400 unless exactly one source is given, and what `grab` throws.
    func downloadRequest(_ grab: ReleaseGrab) async throws -> DownloadRequest {
        let content = try content()
        try checkFields()
        var request: DownloadRequest
        if let content {
            request = DownloadRequest(content)
        } else {
            let fetched = try await grab.fetch(release ?? "")
            request = DownloadRequest(fetched.content)
            request.name = QueueItem.shortened(fetched.title)
            request.indexer = fetched.indexer
        }
        fill(&request)
        return request
    }

    /// What is to be downloaded; `nil` for a release that has to be fetched first.
    private func content() throws -> DownloadRequest.Content? {
        var contents = [uploaded].compactMap { $0 }
        if let magnet { contents.append(.magnet(magnet)) }
        if let url { contents.append(.url(url)) }
        if let torrent { contents.append(.torrent(try Self.decode(torrent, "torrent"))) }
        if let nzb { contents.append(.nzb(try Self.decode(nzb, "nzb"))) }
        let count = contents.count + (release == nil ? 0 : 1)
        guard count == 1 else {
            throw HTTPError(
                .badRequest,
                code: "VALIDATION_ERROR",
                "Send exactly one of magnet, url, torrent, nzb, release or an uploaded file; there are \(count)."
            )
        }
        return contents.first
    }

    private func checkFields() throws {
        guard movieId == nil || seriesId == nil else {
            throw HTTPError.validation("seriesId", "Send movieId or seriesId, not both.")
        }
        for (field, text) in [("title", title), ("category", category)]
        where (text?.count ?? 0) > QueueItem.longestName {
            throw HTTPError.validation(field, "Must have at most \(QueueItem.longestName) characters.")
        }
        if let priority, DownloadPriority(rawValue: priority) == nil {
            throw HTTPError.validation("priority", "Must be low, normal, high or force.")
        }
        guard (episodeIds?.count ?? 0) <= Self.mostEpisodes else {
            throw HTTPError.validation("episodeIds", "Must name at most \(Self.mostEpisodes) episodes.")
        }
    }

    private func fill(_ request: inout DownloadRequest) {
        request.clientID = downloadClientId
        request.category = category
        request.titleID = movieId ?? seriesId
        request.titleKind = movieId != nil ? .movie : seriesId != nil ? .series : nil
        request.episodeIDs = episodeIds ?? []
        if let title, !title.trimmed.isEmpty { request.name = title.trimmed }
        request.isPaused = paused
        request.wishes.priority = priority.flatMap(DownloadPriority.init)
        request.wishes.options = options
    }

    private static func decode(_ text: String, _ field: String) throws -> Data {
        guard let data = Data(base64Encoded: text), !data.isEmpty else {
            throw HTTPError.validation(field, "This is not base64.")
        }
        return data
    }
}
