import FoundationEssentials
import HTTPServer

/// The media API (seed 004): everything under `/api/media`.
struct MediaAPI: Sendable {
    let library: MediaLibrary

    /// The style of this API: `{"message": "..."}`.
    static let errorStyle = ErrorStyle(pathPrefix: "/api/media") { error, request in
        ErrorStyle.response(error, JSONWriter.object { $0.member("message", error.message) }, request)
    }

    /// The table of the routes; that is why it is long.
    func register(in routes: inout RouteTable) {
        routes.immediate(
            .get,
            "/api/media",
            .user,
            RouteDocument("Media", "All titles")
                .query(.init("type", "string", "movie or tv")).answers(200, "MediaList"),
            list
        )
        routes.suspending(
            .post,
            "/api/media",
            .admin,
            RouteDocument("Media", "Add a title from a magnet and start its download").body("AddMedia")
                .answers(201, "Media").or(200).fails(409, 422, 502, 504),
            add
        )
        routes.immediate(
            .get,
            "/api/media/:id",
            .user,
            RouteDocument("Media", "One title").answers(200, "Media").fails(404),
            show
        )
        routes.suspending(
            .delete,
            "/api/media/:id",
            .admin,
            RouteDocument("Media", "Delete a title with its downloads and files").answers(204).fails(404, 409),
            remove
        )
        routes.immediate(
            .get,
            "/api/media/:id/progress",
            .user,
            RouteDocument("Media", "How far the download of a title is").answers(200, "MediaProgress").fails(404),
            progress
        )
        routes.immediate(
            .get,
            "/api/media/:id/stream",
            .user,
            RouteDocument("Media", "The video, whole or in ranges").query(
                .init("episodeId", "string", "which file of a series; its id in the title's `files`")
            ).answers(200, as: "video/*").fails(202, 206, 304, 404, 412, 416, 503),
            stream
        )
    }

    private func list(_ request: HTTPRequest, _ caller: Caller) throws -> HTTPResponse {
        let kind = try request.query.decode { $0.optionalOneOf("type", MediaType.self) }
        let media = try library.all(kind: kind?.kind)
        var writer = JSONWriter(reserving: 512 * media.count + 2)
        writer.array(media) { writer, item in item.write(to: &writer) }
        return .json(writer.bytes)
    }

    private func add(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        let (media, isNew) = try await library.add(try request.decodeJSON(AddMediaBody.self).libraryRequest())
        return .json(media.json(magnet: try library.magnet(of: media)), status: isNew ? .created : .ok)
    }

    private func show(_ request: HTTPRequest, _ caller: Caller) throws -> HTTPResponse {
        let media = try find(request)
        return .json(media.json(magnet: try library.magnet(of: media)))
    }

    private func remove(_ request: HTTPRequest, _ caller: Caller) async throws -> HTTPResponse {
        do {
            guard try await library.remove(request.parameters["id"]) else { throw Self.notFound }
        } catch let error as FileError {
            throw HTTPError(
                .conflict,
                "The title is not deleted: Kinodock \(error). Mount the library's disk, or give Kinodock the right to do "
                    + "that, and delete the title again."
            )
        }
        return .empty(.noContent)
    }

    private func progress(_ request: HTTPRequest, _ caller: Caller) throws -> HTTPResponse {
        .json(try find(request).progressJSON)
    }

    private func stream(_ request: HTTPRequest, _ caller: Caller) throws -> HTTPResponse {
        let media = try find(request)
        let file: LibraryFile?
        if media.title.kind == .series {
            guard let id = request.query.first("episodeId") else {
                throw HTTPError(.badRequest, "A series needs episodeId: the id of one of its files.")
            }
            file = media.files.first { $0.id == id }
            if file == nil { throw HTTPError.notFound("This series has no file with the id \(id).") }
        } else {
            file = media.files.first
        }
        guard let file else { return try waiting(for: media) }
        return .file(
            FileBody(.open(try open(file)), contentType: VideoFormat.mediaType(of: file.path)),
            headers: [
                "Cache-Control": "private, max-age=3600", "Content-Disposition": "inline",
            ]
        )
    }

    /// Opened here, since only here it is known what to do about a file that is gone.
    private func open(_ file: LibraryFile) throws -> OpenFile {
        do {
            return try OpenFile(path: file.path)
        } catch let error as HTTPError where error.status == .notFound {
            throw HTTPError.notFound(
                "The video is no longer in the library. Mount its disk, or delete the title and add it again."
            )
        }
    }

    /// The answer while there is nothing to play.
    private func waiting(for media: MediaLibrary.Media) throws -> HTTPResponse {
        let message: String
        switch media.status {
        case .error:
            throw HTTPError(
                .serviceUnavailable,
                media.download?.tracked.failure?.message ?? "The download was given up."
            )
        case .completed: message = "The download is complete and is being put into the library."
        case .downloading: message = "The download is at \(media.progress) %; it can be played once it is complete."
        case .added: message = "The download is starting."
        case .ready: throw HTTPError.notFound("There is no video.")
        }
        let json = JSONWriter.object { writer in
            writer.member("message", message)
            writer.member("status", media.status.rawValue)
            writer.member("progressUrl", "/api/media/\(media.title.id)/progress")
        }
        var response = HTTPResponse.json(json, status: .accepted)
        response.headers.add("Retry-After", "2")
        return response
    }

    private func find(_ request: HTTPRequest) throws -> MediaLibrary.Media {
        guard let media = try library.media(request.parameters["id"]) else { throw Self.notFound }
        return media
    }

    private static let notFound = HTTPError(.notFound, "Media not found")
}

/// The `type` of the API.
enum MediaType: String, CaseIterable, Decodable, Sendable {
    case movie, tv

    var kind: Title.Kind { self == .movie ? .movie : .series }
}
